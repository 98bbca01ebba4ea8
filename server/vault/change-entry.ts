import { widerOrigins } from "../../plugin/origin.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { counterAt, generateCode, type TotpAlgorithm } from "../totp/totp.ts";
import { requireMayWiden, setOrigins } from "./change-origins.ts";
import { findEntry, isOwner } from "./find-entries.ts";
import { readOrigins } from "./origins.ts";
import {
  dataContext,
  type EntryRef,
  type FoundEntry,
  secretContext,
  type VaultParts,
} from "./vault-entry.ts";
import { auditEntry, type EntryWrite, writeEntries } from "./write-entry.ts";

/** What may change in an entry without its shared secret. What is absent stays. */
export interface EntryChange {
  readonly name?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly singleUse?: boolean | undefined;
  readonly origins?: readonly string[] | undefined;
}

export interface EntryUpdate {
  readonly entry: EntryRef;
  readonly change: EntryChange;
  /** Refuses a person without a fresh proof. Asked before secrets may go to an address they could not go to. */
  readonly beforeWidening: () => Promise<void>;
}

export async function updateEntry(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { entry, change, beforeWidening }: EntryUpdate,
): Promise<FoundEntry> {
  const { id, origins: before } = await findEntry(parts, caller, { ...entry, right: "manage" });
  const { name, data, metadata, expiresAt, singleUse } = change;
  const origins = change.origins && readOrigins(change.origins);
  if (origins && widerOrigins(before, origins).length > 0) {
    requireMayWiden(caller);
    await beforeWidening();
  }
  await writeEntries(parts, caller, async (write) => {
    if (origins) await changeOrigins(write, { id, before, after: origins });
    await write.trx
      .updateTable("vault_entry")
      .set({
        last_rotated_at: data === undefined ? (eb) => eb.ref("last_rotated_at") : write.clock.now(),
        ...(name === undefined ? {} : { name }),
        ...(data === undefined
          ? {}
          : { sealed_data: write.keys.seal(dataContext(id), JSON.stringify(data)) }),
        ...(metadata === undefined ? {} : { metadata: metadata && JSON.stringify(metadata) }),
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
        ...(singleUse === undefined ? {} : { single_use: singleUse }),
      })
      .where("id", "=", id)
      .execute()
      .catch((error: { constraint?: string }) => {
        throw error.constraint === "vault_entry_name" ? new PluginError("VAULT_NAME_TAKEN") : error;
      });
    await auditEntry(write, "vault.entry_changed", { id });
  });
  return findEntry(parts, caller, { id });
}

/** What was judged is what is written: another change in between would make this one wider than it was. */
async function changeOrigins(
  write: EntryWrite,
  change: { readonly id: string; readonly before: readonly string[]; readonly after: readonly string[] },
): Promise<void> {
  const row = await write.trx
    .selectFrom("vault_entry")
    .select("origins")
    .where("id", "=", change.id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
  if (row.origins.join() !== change.before.join()) throw new PluginError("VAULT_ENTRY_CHANGED");
  await setOrigins(write, change);
}

export async function deleteEntry(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  ref: EntryRef,
): Promise<void> {
  const entry = await findEntry(parts, caller, { ...ref, right: "manage" });
  // A name is its owner's. Another's entry is deleted by its id, so that a caller never takes it for its own.
  if ("name" in ref && !isOwner(caller, entry)) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
  await writeEntries(parts, caller, async (write) => {
    const deleted = await write.trx.deleteFrom("vault_entry").where("id", "=", entry.id).executeTakeFirst();
    if (deleted.numDeletedRows === 0n) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
    await auditEntry(write, "vault.entry_deleted", { id: entry.id });
  });
}

/**
 * A pending entry becomes active: with a code that another authenticator of the same secret shows, or without one
 * where its manager says that the service accepted ours.
 */
export async function confirmEntry(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { entry, code }: { readonly entry: EntryRef; readonly code: string | undefined },
): Promise<FoundEntry> {
  const { id } = await findEntry(parts, caller, { ...entry, right: "manage" });
  if (code !== undefined && !(await isRight(parts, caller, { id, code })))
    throw new PluginError("CODE_REJECTED");
  await writeEntries(parts, caller, async (write) => {
    await write.trx.updateTable("vault_entry").set({ pending: false }).where("id", "=", id).execute();
    await auditEntry(write, "vault.entry_confirmed", { id });
  });
  return findEntry(parts, caller, { id });
}

/** A manager of an entry may read its codes anyway, so this check needs no limit of its own. */
async function isRight(
  { db, keyRing, clock }: VaultParts,
  caller: AuthenticatedCaller,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<boolean> {
  const row = await db.selectFrom("vault_entry").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row?.sealed_secret || row.digits === null) throw new PluginError("VAULT_ENTRY_HAS_NO_CODES");
  const secret = (await keyRing.forWorkspace(caller.workspaceId)).open(secretContext(id), row.sealed_secret);
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
