import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import type { EntryRef, VaultCaller } from "./vault-caller.ts";
import { dataPlace, type ShownEntry } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

/** What may be changed of an entry without touching its seed; what is absent stays. */
export interface EntryChange {
  readonly name?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly singleUse?: boolean | undefined;
}

export const updateEntry =
  (parts: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef, change: EntryChange): Promise<ShownEntry> => {
    const { id } = await findEntry(parts)(caller, ref, "manage");
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const { name, data, metadata, expiresAt, singleUse } = change;
    await parts.db.transaction().execute(async (trx) => {
      const at = parts.clock.now();
      await trx
        .updateTable("vault_entry")
        .set({
          last_rotated_at: data === undefined ? (eb) => eb.ref("last_rotated_at") : at,
          ...(name === undefined ? {} : { name }),
          ...(data === undefined ? {} : { sealed_data: keys.seal(dataPlace(id), JSON.stringify(data)) }),
          ...(metadata === undefined ? {} : { metadata: metadata && JSON.stringify(metadata) }),
          ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
          ...(singleUse === undefined ? {} : { single_use: singleUse }),
        })
        .where("id", "=", id)
        .execute()
        .catch((error: { constraint?: string }) => {
          throw error.constraint === "vault_entry_name" ? new PluginError("VAULT_NAME_TAKEN") : error;
        });
      await writeAuditEvent(trx, {
        ...traceOf(caller),
        at,
        action: "vault.entry_changed",
        subject: { kind: "vault_entry", id },
      });
    });
    return findEntry(parts)(caller, { id });
  };
