import type { VaultEntryBody } from "../../plugin/api/vault.ts";

/** 160 bits, as the standard recommends. */
export const strongSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** A link as services show it. */
export const linkOf = (issuer: string, account: string, { secret = strongSecret, more = "" } = {}): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}${more}`;

/** An entry as the server shows it. */
export const shownEntry = (change: Partial<VaultEntryBody> = {}): VaultEntryBody => ({
  id: "6f1f5b46-6d2b-4a5c-8a3e-0f8e5b1c2d3e",
  name: "GitHub",
  type: "TOTP",
  owner: { kind: "administrator", name: "workspace" },
  rights: ["codes", "backup", "data", "manage"],
  metadata: null,
  origins: ["https://github.com"],
  one_time: {
    type: "totp",
    algorithm: "SHA1",
    digits: 6,
    period: 30,
    issuer: "GitHub",
    account: "octocat",
    single_use: false,
    pending: false,
    weak_secret: false,
  },
  backup_codes_remaining: 0,
  expires_at: null,
  last_used_at: null,
  last_rotated_at: null,
  created_at: "2026-11-01T00:00:00.000Z",
  restorable_until: null,
  ...change,
});
