import type { VaultEntryBody } from "../../plugin/api/vault.ts";
import type { EntryGrant, EntryReader } from "../../ui/studio/api/vault-endpoints.ts";
import type { KnownEntry } from "../../ui/studio/vault-entry/entry-standing.ts";

export const oneTime: NonNullable<VaultEntryBody["one_time"]> = {
  type: "totp",
  algorithm: "SHA1",
  digits: 6,
  period: 30,
  issuer: null,
  account: null,
  single_use: false,
  pending: false,
  weak_secret: false,
};

/** An entry as a list shows it to an owner: it belongs to the workspace, and has a second factor. */
export const entry = (change: Partial<VaultEntryBody> = {}): VaultEntryBody => ({
  id: "11111111-1111-4111-8111-111111111111",
  name: "github",
  type: "TOTP",
  owner: { kind: "administrator", name: "workspace" },
  rights: ["codes", "backup", "data", "manage"],
  metadata: null,
  origins: ["https://github.com"],
  one_time: oneTime,
  backup_codes_remaining: 0,
  expires_at: null,
  last_used_at: null,
  last_rotated_at: null,
  created_at: "2026-01-01T00:00:00.000Z",
  restorable_until: null,
  ...change,
});

export const grantTo = (name: string, change: Partial<EntryGrant> = {}): EntryGrant => ({
  grantee: { kind: "agent_user", name },
  rights: ["codes"],
  policy: {},
  outside_canvas: false,
  created_by: "Ada",
  created_at: "2026-01-02T00:00:00.000Z",
  ...change,
});

export const known = (
  change: Partial<VaultEntryBody> = {},
  grants: readonly EntryGrant[] | undefined = [],
  people: readonly EntryReader[] = [ada],
): KnownEntry => ({ entry: entry(change), grants, people });

/** Owns the workspace, and so manages every entry. */
const ada: EntryReader = {
  id: "33333333-3333-4333-8333-333333333333",
  name: "Ada",
  roles: ["owner"],
  rights: ["codes", "backup", "data", "manage"],
  because: "Owners manage every entry.",
};

export const otherId = "22222222-2222-4222-8222-222222222222";
