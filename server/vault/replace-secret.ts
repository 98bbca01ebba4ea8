import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { findEntry } from "./find-entries.ts";
import { isSameSecret, noOneTime, oneTimeColumns } from "./one-time-secret.ts";
import {
  type EntryRef,
  type FoundEntry,
  type OneTimeSecret,
  rightsOn,
  type VaultParts,
} from "./vault-entry.ts";
import { auditEntry, type EntryWrite, writeEntries } from "./write-entry.ts";

/** How long a replaced secret can be restored, in milliseconds. */
export const restorableFor = 24 * 60 * 60 * 1000;

export interface SecretReplacement {
  readonly entry: EntryRef;
  readonly oneTime: OneTimeSecret;
  /** Agents get no code of the new secret before one was confirmed. */
  readonly pending?: boolean;
}

/** Gives an entry another shared secret. From the commit on, the one before gives no code. */
export async function replaceSecret(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { entry, oneTime, pending = false }: SecretReplacement,
): Promise<FoundEntry> {
  const { id } = await findEntry(parts, caller, { ...entry, right: "manage" });
  await writeEntries(parts, caller, async (write) => {
    if (!(await lockManaged(write, id))) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
    await setSecret(write, id, oneTime);
    await write.trx.updateTable("vault_entry").set({ pending }).where("id", "=", id).execute();
  });
  return findEntry(parts, caller, { id });
}

/** Restores the secret before this one. The present one can then be restored in the same way. */
export async function restoreSecret(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  entry: EntryRef,
): Promise<FoundEntry> {
  const { id } = await findEntry(parts, caller, { ...entry, right: "manage" });
  await writeEntries(parts, caller, async (write) => {
    const { trx, clock } = write;
    const now = clock.now();
    await lockManaged(write, id);
    const before = await trx
      .selectFrom("vault_replaced_secret")
      .selectAll()
      .where("entry_id", "=", id)
      .where("restorable_until", ">", now)
      .orderBy("replaced_at", "desc")
      .limit(1)
      .executeTakeFirst();
    if (!before) throw new PluginError("VAULT_SECRET_GONE");
    await archiveSecret(write, id);
    await trx.deleteFrom("vault_replaced_secret").where("id", "=", before.id).execute();
    await trx
      .updateTable("vault_entry")
      .set({ ...before.parameters, sealed_secret: before.sealed_secret, last_rotated_at: now })
      .where("id", "=", id)
      .execute();
    await auditEntry(write, "vault.secret_restored", { id });
  });
  return findEntry(parts, caller, { id });
}

/** Locks the row until commit, if the caller may still manage it. */
async function lockManaged({ trx, caller }: EntryWrite, id: string): Promise<boolean> {
  const { rows } = await sql`
    select e.id from vault_entry e
    where e.workspace_id = ${caller.workspaceId} and e.id = ${id}::uuid and 'manage' = any(${rightsOn(caller)})
    for update`.execute(trx);
  return rows.length > 0;
}

/** Writes the secret of an entry, or removes it. The one before stays restorable for a day. */
export async function setSecret(
  write: EntryWrite,
  id: string,
  oneTime: OneTimeSecret | undefined,
): Promise<void> {
  const { trx, keys, caller } = write;
  if (oneTime && (await isSameSecret(trx, keys, { workspaceId: caller.workspaceId, id, oneTime }))) {
    // Codes that were given stay used; a counter only goes forward.
    await sql`update vault_entry set issuer = ${oneTime.issuer}, account = ${oneTime.account},
      hotp_counter = greatest(hotp_counter, ${oneTime.counter}::bigint) where id = ${id}::uuid`.execute(trx);
    return;
  }
  const replaced = await archiveSecret(write, id);
  if (!replaced && !oneTime) return;
  await trx
    .updateTable("vault_entry")
    .set({ ...(oneTime ? oneTimeColumns(keys, id, oneTime) : noOneTime), last_rotated_at: write.clock.now() })
    .where("id", "=", id)
    .execute();
  await auditEntry(write, "vault.secret_replaced", { id });
}

/** Copies the present secret to where it can be restored from, and deletes those whose time is over. */
async function archiveSecret({ trx, clock }: EntryWrite, id: string): Promise<boolean> {
  const now = clock.now();
  await trx
    .deleteFrom("vault_replaced_secret")
    .where("entry_id", "=", id)
    .where("restorable_until", "<=", now)
    .execute();
  const row = await trx
    .selectFrom("vault_entry")
    .select([
      "sealed_secret",
      "otp_type",
      "algorithm",
      "digits",
      "period",
      "issuer",
      "account",
      "hotp_counter",
      "weak_secret",
      "last_counter",
    ])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row?.sealed_secret) return false;
  const { sealed_secret, ...parameters } = row;
  await trx
    .insertInto("vault_replaced_secret")
    .values({
      id: randomUUID(),
      entry_id: id,
      sealed_secret,
      parameters: JSON.stringify(parameters),
      replaced_at: now,
      restorable_until: new Date(now.getTime() + restorableFor),
    })
    .execute();
  return true;
}
