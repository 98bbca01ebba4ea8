import type { ServiceCodeBody, VaultEntryBody } from "../../plugin/api/vault.ts";
import type { ServiceCode } from "../vault/issue-service-code.ts";
import type { ShownEntry } from "../vault/vault-entry.ts";

export const showVaultEntry = (entry: ShownEntry): VaultEntryBody => ({
  id: entry.id,
  name: entry.name,
  type: entry.type,
  owner: { kind: entry.owner.kind, name: entry.owner.name },
  rights: [...entry.rights],
  metadata: entry.metadata,
  one_time: entry.oneTime && {
    type: entry.oneTime.type,
    algorithm: entry.oneTime.algorithm,
    digits: entry.oneTime.digits,
    period: entry.oneTime.period,
    issuer: entry.oneTime.issuer,
    account: entry.oneTime.account,
    single_use: entry.oneTime.singleUse,
    pending: entry.oneTime.pending,
    weak_secret: entry.oneTime.weak,
  },
  backup_codes_remaining: entry.backupCodes,
  expires_at: entry.expiresAt?.toISOString() ?? null,
  last_used_at: entry.lastUsedAt?.toISOString() ?? null,
  last_rotated_at: entry.lastRotatedAt?.toISOString() ?? null,
  created_at: entry.createdAt.toISOString(),
  restorable_until: entry.restorableUntil?.toISOString() ?? null,
});

export const showServiceCode = (issued: ServiceCode): ServiceCodeBody => ({
  name: issued.name,
  code: issued.code,
  type: issued.type,
  digits: issued.digits,
  expires_in: issued.expiresIn,
  period: issued.period,
  backup_codes_remaining: issued.backupCodes,
  server_time: issued.serverTime.toISOString(),
  ...(issued.clockSkewSeconds === null ? {} : { clock_skew_seconds: issued.clockSkewSeconds }),
});
