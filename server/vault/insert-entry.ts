import type { Kysely } from "kysely";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { traceOf } from "./find-entries.ts";
import { noOneTime, oneTimeColumns } from "./one-time-columns.ts";
import type { VaultCaller } from "./vault-caller.ts";
import { backupPlace, dataPlace, type OneTimeSecret } from "./vault-entry.ts";

/** What somebody wants kept. */
export interface NewEntry {
  readonly name: string;
  readonly type: string;
  /** The credential without its seed and its backup codes. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly oneTime?: OneTimeSecret | undefined;
  readonly backupCodes?: readonly string[] | undefined;
  readonly singleUse?: boolean | undefined;
  /** Gives agents no code until one was confirmed. */
  readonly pending?: boolean | undefined;
}

export async function insertEntry(
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  caller: VaultCaller,
  id: string,
  entry: NewEntry,
  now: Date,
): Promise<boolean> {
  const made = await trx
    .insertInto("vault_entry")
    .values({
      id,
      workspace_id: caller.workspaceId,
      owner_kind: caller.kind,
      owner_id: caller.id,
      name: entry.name,
      type: entry.type,
      metadata: entry.metadata ? JSON.stringify(entry.metadata) : null,
      sealed_data: keys.seal(dataPlace(id), JSON.stringify(entry.data)),
      ...(entry.oneTime ? oneTimeColumns(keys, id, entry.oneTime) : noOneTime),
      single_use: entry.singleUse ?? false,
      pending: entry.pending ?? false,
      expires_at: entry.expiresAt ?? null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.constraint("vault_entry_name").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made) return false;
  if (entry.backupCodes) await setBackupCodes(trx, keys, id, entry.backupCodes);
  await writeAuditEvent(trx, {
    ...traceOf(caller),
    at: now,
    action: "vault.entry_created",
    subject: { kind: "vault_entry", id },
  });
  return true;
}

export async function setBackupCodes(
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  id: string,
  codes: readonly string[],
): Promise<void> {
  await trx.deleteFrom("vault_backup_code").where("entry_id", "=", id).execute();
  if (codes.length === 0) return;
  await trx
    .insertInto("vault_backup_code")
    .values(
      codes.map((code, position) => ({
        entry_id: id,
        position,
        sealed_code: keys.seal(backupPlace(id, position), code),
      })),
    )
    .execute();
}
