import type { VaultEntryRow, VaultRight } from "../database/tables.ts";
import type { TotpAlgorithm } from "../totp/totp.ts";
import type { VaultPrincipal } from "./vault-caller.ts";

/** A seed and what its service agreed on with it. The seed is canonical base32. */
export interface OneTimeSecret {
  readonly type: "totp" | "hotp";
  readonly secret: string;
  readonly algorithm: TotpAlgorithm;
  readonly digits: number;
  /** Seconds; only of TOTP. */
  readonly period: number | null;
  /** The next one; only of HOTP. */
  readonly counter: number | null;
  readonly issuer: string | null;
  readonly account: string | null;
  readonly weak: boolean;
}

/** What a list shows of an entry: that there are secrets, never what they are. */
export interface ShownEntry {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly owner: VaultPrincipal & { readonly name: string };
  /** What the caller may do with it. */
  readonly rights: readonly VaultRight[];
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly oneTime:
    | (Omit<OneTimeSecret, "secret" | "counter"> & {
        readonly singleUse: boolean;
        readonly pending: boolean;
      })
    | null;
  readonly backupCodes: number;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastRotatedAt: Date | null;
  readonly createdAt: Date;
  /** Until when the seed before this one can be brought back. */
  readonly restorableUntil: Date | null;
}

export type EntryColumns = Pick<
  VaultEntryRow,
  | "id"
  | "name"
  | "type"
  | "owner_kind"
  | "owner_id"
  | "metadata"
  | "otp_type"
  | "algorithm"
  | "digits"
  | "period"
  | "issuer"
  | "account"
  | "single_use"
  | "weak_secret"
  | "pending"
  | "expires_at"
  | "last_used_at"
  | "last_rotated_at"
  | "created_at"
> & {
  readonly rights: VaultRight[];
  readonly owner_name: string | null;
  readonly backup_codes: number;
  readonly restorable_until: Date | null;
};

export const showEntry = (row: EntryColumns): ShownEntry => ({
  id: row.id,
  name: row.name,
  type: row.type,
  owner: { kind: row.owner_kind, id: row.owner_id, name: row.owner_name ?? "administrator" },
  rights: row.rights,
  metadata: row.metadata,
  oneTime: row.otp_type && {
    type: row.otp_type,
    algorithm: row.algorithm as TotpAlgorithm,
    digits: row.digits ?? 6,
    period: row.period,
    issuer: row.issuer,
    account: row.account,
    weak: row.weak_secret,
    singleUse: row.single_use,
    pending: row.pending,
  },
  backupCodes: row.backup_codes,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  lastRotatedAt: row.last_rotated_at,
  createdAt: row.created_at,
  restorableUntil: row.restorable_until,
});

/** Where an entry's sealed values live; a backup code's row is named by its entry and its position. */
export const dataPlace = (id: string) => ({ table: "vault_entry", rowId: id, column: "sealed_data" });
export const secretPlace = (id: string) => ({ table: "vault_entry", rowId: id, column: "sealed_secret" });
export const backupPlace = (id: string, position: number) => ({
  table: "vault_backup_code",
  rowId: `${id}/${position}`,
  column: "sealed_code",
});
