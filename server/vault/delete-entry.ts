import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import type { EntryRef, VaultCaller } from "./vault-caller.ts";
import type { VaultParts } from "./vault-parts.ts";

export const deleteEntry =
  (parts: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef): Promise<void> => {
    const { id, owner } = await findEntry(parts)(caller, ref, "manage");
    // A name is its owner's: another's entry is deleted by its id, so that none is taken for one's own.
    if ("name" in ref && (owner.kind !== caller.kind || owner.id !== caller.id))
      throw new PluginError("VAULT_ENTRY_NOT_FOUND");
    await parts.db.transaction().execute(async (trx) => {
      const gone = await trx.deleteFrom("vault_entry").where("id", "=", id).executeTakeFirst();
      if (gone.numDeletedRows === 0n) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
      await writeAuditEvent(trx, {
        ...traceOf(caller),
        at: parts.clock.now(),
        action: "vault.entry_deleted",
        subject: { kind: "vault_entry", id },
      });
    });
  };
