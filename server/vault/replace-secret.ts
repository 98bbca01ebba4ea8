import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import { keepReplaced, setSecret } from "./set-secret.ts";
import { type EntryRef, rightsOn, type VaultCaller } from "./vault-caller.ts";
import type { OneTimeSecret, ShownEntry } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

/** Gives an entry another seed. The one before gives no code from the commit on. */
export const replaceSecret =
  (parts: VaultParts) =>
  async (
    caller: VaultCaller,
    ref: EntryRef,
    oneTime: OneTimeSecret,
    pending = false,
  ): Promise<ShownEntry> => {
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const { id } = await findEntry(parts)(caller, ref, "manage");
    await parts.db.transaction().execute(async (trx) => {
      if (!(await lockManaged(trx, caller, { id }))) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
      await setSecret(trx, keys, caller, id, oneTime, parts.clock.now());
      await trx.updateTable("vault_entry").set({ pending }).where("id", "=", id).execute();
    });
    return findEntry(parts)(caller, { id });
  };

/** Puts the seed before this one back; the one it takes the place of can be brought back in its turn. */
export const restoreSecret =
  (parts: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef): Promise<ShownEntry> => {
    const { id } = await findEntry(parts)(caller, ref, "manage");
    await parts.db.transaction().execute(async (trx) => {
      const now = parts.clock.now();
      await lockManaged(trx, caller, { id });
      const before = await trx
        .selectFrom("vault_replaced_secret")
        .selectAll()
        .where("entry_id", "=", id)
        .where("restorable_until", ">", now)
        .orderBy("replaced_at", "desc")
        .limit(1)
        .executeTakeFirst();
      if (!before) throw new PluginError("VAULT_SECRET_GONE");
      await keepReplaced(trx, id, now);
      await trx.deleteFrom("vault_replaced_secret").where("id", "=", before.id).execute();
      await trx
        .updateTable("vault_entry")
        .set({ ...before.parameters, sealed_secret: before.sealed_secret, last_rotated_at: now })
        .where("id", "=", id)
        .execute();
      await writeAuditEvent(trx, {
        ...traceOf(caller),
        at: now,
        action: "vault.secret_restored",
        subject: { kind: "vault_entry", id },
      });
    });
    return findEntry(parts)(caller, { id });
  };

/** The row of an entry the caller may manage, held until commit. */
async function lockManaged(
  trx: Kysely<Tables>,
  caller: VaultCaller,
  { id }: { readonly id: string },
): Promise<{ id: string } | undefined> {
  const { rows } = await sql<{ id: string }>`
    select e.id from vault_entry e
    where e.workspace_id = ${caller.workspaceId} and e.id = ${id}::uuid and 'manage' = any(${rightsOn(caller)})
    for update`.execute(trx);
  return rows[0];
}
