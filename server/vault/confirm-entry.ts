import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { counterAt, generateCode, type TotpAlgorithm } from "../totp/totp.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import type { EntryRef, VaultCaller } from "./vault-caller.ts";
import { type ShownEntry, secretPlace } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

/**
 * Ends the waiting of a new entry: with a code that another authenticator of the same seed shows, or with the
 * word of whoever manages it that the service took ours.
 */
export const confirmEntry =
  (parts: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef, code: string | undefined): Promise<ShownEntry> => {
    const { id } = await findEntry(parts)(caller, ref, "manage");
    if (code !== undefined && !(await isRight(parts, caller, id, code)))
      throw new PluginError("CODE_REJECTED");
    await parts.db.transaction().execute(async (trx) => {
      await trx.updateTable("vault_entry").set({ pending: false }).where("id", "=", id).execute();
      await writeAuditEvent(trx, {
        ...traceOf(caller),
        at: parts.clock.now(),
        action: "vault.entry_confirmed",
        subject: { kind: "vault_entry", id },
      });
    });
    return findEntry(parts)(caller, { id });
  };

/** Whoever manages an entry may read its codes anyway, so this check needs no limit of its own. */
async function isRight({ db, keyRing, clock }: VaultParts, caller: VaultCaller, id: string, code: string) {
  const row = await db.selectFrom("vault_entry").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row?.sealed_secret || row.digits === null) throw new PluginError("VAULT_ENTRY_HAS_NO_CODES");
  const secret = (await keyRing.forWorkspace(caller.workspaceId)).open(secretPlace(id), row.sealed_secret);
  const now = row.period === null ? (row.hotp_counter ?? 0) : counterAt(clock.now(), row.period);
  const parameters = { algorithm: row.algorithm as TotpAlgorithm, digits: row.digits };
  try {
    return [now - 1, now, now + 1]
      .filter((counter) => counter >= 0)
      .some((counter) => timingSafeEqual(generateCode(secret, parameters, counter), code));
  } finally {
    secret.fill(0);
  }
}
