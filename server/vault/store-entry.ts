import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, ownerOf } from "../access/caller.ts";
import { setBackupCodes } from "./backup-codes.ts";
import { dropHandles, originsAfterPut, setOrigins } from "./change-origins.ts";
import { findEntriesById, findEntry } from "./find-entries.ts";
import { noOneTime, oneTimeColumns } from "./one-time-secret.ts";
import { originsIn, readOrigins } from "./origins.ts";
import { setSecret } from "./replace-secret.ts";
import { dataContext, type FoundEntry, isOwn, type OneTimeSecret, type VaultParts } from "./vault-entry.ts";
import { auditEntry, type EntryWrite, writeEntries } from "./write-entry.ts";

export interface NewEntry {
  readonly name: string;
  readonly type: string;
  /** The credential without its shared secret and its backup codes. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly oneTime?: OneTimeSecret | undefined;
  readonly backupCodes?: readonly string[] | undefined;
  readonly singleUse?: boolean | undefined;
  /** Agents get no code before one was confirmed. */
  readonly pending?: boolean | undefined;
  /** Where its secrets may be sent. Absent: as the addresses in `data` say. */
  readonly origins?: readonly string[] | undefined;
}

/** Stores a new entry of the caller. A name that its owner has already is refused. */
export async function addEntry(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  entry: NewEntry,
): Promise<FoundEntry> {
  const id = await writeEntries(parts, caller, (write) => insertEntry(write, entry));
  if (id === undefined) throw new PluginError("VAULT_NAME_TAKEN");
  return findEntry(parts, caller, { id });
}

/** The most that one call stores: a transaction of very many would delay all others. */
export const mostAtOnce = 1_000;

/** Stores several entries, all or none. A name that is taken gets a number. */
export async function addEntries(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  entries: readonly NewEntry[],
): Promise<FoundEntry[]> {
  if (entries.length > mostAtOnce)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "indexes", problem: `At most ${mostAtOnce} entries at once.` }],
    });
  const ids = await writeEntries(parts, caller, async (write) => {
    const freeName = await freeNames(write, entries);
    const stored: string[] = [];
    for (const entry of entries) {
      const id = await insertEntry(write, { ...entry, name: freeName(entry.name) });
      // Another call took the name meanwhile: all or none.
      if (id === undefined) throw new PluginError("VAULT_NAME_TAKEN");
      stored.push(id);
    }
    return stored;
  });
  const found = new Map((await findEntriesById(parts, caller, ids)).map((entry) => [entry.id, entry]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Gives each name, with a number where it is taken. One query tells which names exist. */
async function freeNames(
  { trx, caller }: EntryWrite,
  entries: readonly NewEntry[],
): Promise<(name: string) => string> {
  const bases = [...new Set(entries.map(({ name }) => name))];
  const { rows } = await sql<{ name: string }>`
    select e.name from vault_entry e where e.workspace_id = ${caller.workspaceId} and ${isOwn(caller)}
      and regexp_replace(e.name, ' [0-9]+$', '') = any(${bases.map((name) => name.replace(/ [0-9]+$/, ""))}::text[])`.execute(
    trx,
  );
  const taken = new Set(rows.map(({ name }) => name));
  const next = new Map<string, number>();
  return (name) => {
    for (let number = next.get(name) ?? 1; ; number++) {
      const wanted = number === 1 ? name : `${name} ${number}`;
      if (taken.has(wanted)) continue;
      taken.add(wanted);
      next.set(name, number + 1);
      return wanted;
    }
  };
}

/**
 * Stores an entry under a name and replaces the caller's own of that name. It never replaces another owner's entry,
 * whatever the caller may do with it: the first to take a name must not get what another stores under it.
 * `keepSecret`: the shared secret stays where the new entry has none.
 */
export async function putEntry(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { keepSecret = false, ...entry }: NewEntry & { readonly keepSecret?: boolean },
): Promise<FoundEntry> {
  const put = (): Promise<string | undefined> =>
    writeEntries(parts, caller, async (write) => {
      const { trx, keys, clock } = write;
      const own = await lockOwn(write, entry.name);
      if (own === undefined) return insertEntry(write, entry);
      const { id } = own;
      const keepsSeed = keepSecret && !entry.oneTime;
      const origins = originsAfterPut(caller, { before: own.origins, entry, keepsSeed });
      await dropHandles(write, id);
      await trx
        .updateTable("vault_entry")
        .set({
          type: entry.type,
          metadata: entry.metadata ? JSON.stringify(entry.metadata) : null,
          sealed_data: keys.seal(dataContext(id), JSON.stringify(entry.data)),
          expires_at: entry.expiresAt ?? null,
          last_rotated_at: clock.now(),
          ...(entry.singleUse === undefined ? {} : { single_use: entry.singleUse }),
        })
        .where("id", "=", id)
        .execute();
      if (entry.oneTime || !keepSecret) await setSecret(write, id, entry.oneTime);
      if (entry.backupCodes) await setBackupCodes(write, id, entry.backupCodes);
      await auditEntry(write, "vault.entry_replaced", { id });
      await setOrigins(write, { id, before: own.origins, after: origins });
      return id;
    });
  // Another call may have stored it between the look and the insert: then there is one to replace.
  const id = (await put()) ?? (await put());
  if (id === undefined) throw new PluginError("VAULT_NAME_TAKEN");
  return findEntry(parts, caller, { id });
}

/** The caller's own row of this name, locked until commit. */
async function lockOwn(
  { trx, caller }: EntryWrite,
  name: string,
): Promise<{ id: string; origins: string[] } | undefined> {
  const { rows } = await sql<{ id: string; origins: string[] }>`
    select e.id, e.origins from vault_entry e
    where e.workspace_id = ${caller.workspaceId} and e.name = ${name} and ${isOwn(caller)} for update`.execute(
    trx,
  );
  return rows[0];
}

/** The id of the new entry, or undefined where its owner has the name already. */
async function insertEntry(write: EntryWrite, entry: NewEntry): Promise<string | undefined> {
  const { trx, keys, clock, caller } = write;
  const id = randomUUID();
  const owner = ownerOf(caller);
  const row = await trx
    .insertInto("vault_entry")
    .values({
      id,
      workspace_id: caller.workspaceId,
      owner_kind: owner.kind,
      owner_id: owner.id,
      name: entry.name,
      type: entry.type,
      metadata: entry.metadata ? JSON.stringify(entry.metadata) : null,
      sealed_data: keys.seal(dataContext(id), JSON.stringify(entry.data)),
      ...(entry.oneTime ? oneTimeColumns(keys, id, entry.oneTime) : noOneTime),
      single_use: entry.singleUse ?? false,
      pending: entry.pending ?? false,
      expires_at: entry.expiresAt ?? null,
      origins: entry.origins === undefined ? originsIn(entry.data) : readOrigins(entry.origins),
      created_at: clock.now(),
    })
    .onConflict((conflict) => conflict.constraint("vault_entry_name").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!row) return undefined;
  if (entry.backupCodes) await setBackupCodes(write, id, entry.backupCodes);
  await auditEntry(write, "vault.entry_created", { id });
  return id;
}
