import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import { insertEntry, type NewEntry, setBackupCodes } from "./insert-entry.ts";
import { setSecret } from "./set-secret.ts";
import { isOwn, type VaultCaller } from "./vault-caller.ts";
import { dataPlace, type ShownEntry } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

/**
 * Keeps an entry under a name, replacing the caller's own of that name. Never another's, whatever the caller may
 * do with it: whoever takes a name first must not be sent what somebody else keeps under it.
 */
export const putEntry =
  (parts: VaultParts) =>
  async (caller: VaultCaller, entry: NewEntry, keepSecret = false): Promise<ShownEntry> => {
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const put = (): Promise<string | undefined> =>
      parts.db.transaction().execute(async (trx) => {
        const now = parts.clock.now();
        const existing = await lockOwn(trx, caller, entry.name);
        const id = existing?.id ?? randomUUID();
        if (!existing) return (await insertEntry(trx, keys, caller, id, entry, now)) ? id : undefined;
        await trx
          .updateTable("vault_entry")
          .set({
            type: entry.type,
            metadata: entry.metadata ? JSON.stringify(entry.metadata) : null,
            sealed_data: keys.seal(dataPlace(id), JSON.stringify(entry.data)),
            expires_at: entry.expiresAt ?? null,
            last_rotated_at: now,
            ...(entry.singleUse === undefined ? {} : { single_use: entry.singleUse }),
          })
          .where("id", "=", id)
          .execute();
        if (entry.oneTime || !keepSecret) await setSecret(trx, keys, caller, id, entry.oneTime, now);
        if (entry.backupCodes) await setBackupCodes(trx, keys, id, entry.backupCodes);
        await writeAuditEvent(trx, {
          ...traceOf(caller),
          at: now,
          action: "vault.entry_replaced",
          subject: { kind: "vault_entry", id },
        });
        return id;
      });
    // Somebody else may have made it between the look and the insert: then there is one to replace.
    const id = (await put()) ?? (await put());
    if (id === undefined) throw new PluginError("VAULT_NAME_TAKEN");
    return findEntry(parts)(caller, { id });
  };

/** The caller's own row of this name, held until commit. */
async function lockOwn(
  trx: Kysely<Tables>,
  caller: VaultCaller,
  name: string,
): Promise<{ id: string } | undefined> {
  const { rows } = await sql<{ id: string }>`
    select e.id from vault_entry e
    where e.workspace_id = ${caller.workspaceId} and e.name = ${name} and ${isOwn(caller)} for update`.execute(
    trx,
  );
  return rows[0];
}
