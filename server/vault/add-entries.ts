import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Tables } from "../database/tables.ts";
import { findEntriesById, findEntry } from "./find-entries.ts";
import { insertEntry, type NewEntry } from "./insert-entry.ts";
import { isOwn, type VaultCaller } from "./vault-caller.ts";
import type { ShownEntry } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

/** Keeps a new entry for its caller. A name its owner has already is refused. */
export const addEntry =
  (parts: VaultParts) =>
  async (caller: VaultCaller, entry: NewEntry): Promise<ShownEntry> => {
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const id = randomUUID();
    await parts.db.transaction().execute(async (trx) => {
      if (!(await insertEntry(trx, keys, caller, id, entry, parts.clock.now())))
        throw new PluginError("VAULT_NAME_TAKEN");
    });
    return findEntry(parts)(caller, { id });
  };

/** As many as one call keeps: a transaction of very many would hold up everybody else's. */
export const mostAtOnce = 1_000;

/** Keeps several entries, all or none; a name that is taken gets a number. */
export const addEntries =
  (parts: VaultParts) =>
  async (caller: VaultCaller, entries: readonly NewEntry[]): Promise<ShownEntry[]> => {
    if (entries.length > mostAtOnce)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "indexes", problem: `At most ${mostAtOnce} entries at once.` }],
      });
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const ids = await parts.db.transaction().execute(async (trx) => {
      const freeName = await freeNames(trx, caller, entries);
      const made: string[] = [];
      for (const entry of entries) {
        const id = randomUUID();
        const named = { ...entry, name: freeName(entry.name) };
        // Somebody took the name meanwhile: all or none.
        if (!(await insertEntry(trx, keys, caller, id, named, parts.clock.now())))
          throw new PluginError("VAULT_NAME_TAKEN");
        made.push(id);
      }
      return made;
    });
    const kept = new Map((await findEntriesById(parts)(caller, ids)).map((entry) => [entry.id, entry]));
    return ids.flatMap((id) => kept.get(id) ?? []);
  };

/** Gives each name, with a number where it is taken; known from one look at what there is. */
async function freeNames(
  trx: Kysely<Tables>,
  caller: VaultCaller,
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

/** Which of these names the caller has given to an entry of its own. */
export const ownNames =
  ({ db }: VaultParts) =>
  async (caller: VaultCaller, names: readonly string[]): Promise<ReadonlySet<string>> => {
    if (names.length === 0) return new Set();
    const { rows } = await sql<{ name: string }>`
      select name from vault_entry e where e.workspace_id = ${caller.workspaceId}
        and e.name = any(${[...names]}::text[]) and ${isOwn(caller)}`.execute(db);
    return new Set(rows.map(({ name }) => name));
  };
