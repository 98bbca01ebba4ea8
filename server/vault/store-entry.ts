import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { decodeBase32 } from "../../plugin/enrolment/base32.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { findEntriesById, findEntry, traceOf } from "./find-entries.ts";
import { type EntryRef, isOwn, rightsOn, type VaultCaller } from "./vault-caller.ts";
import { backupPlace, dataPlace, type OneTimeSecret, type ShownEntry, secretPlace } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

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

/** How long a replaced seed can be brought back, in milliseconds. */
export const restorableFor = 24 * 60 * 60 * 1000;

/** Columns that describe a seed. */
const oneTimeColumns = (keys: WorkspaceKeys, id: string, one: OneTimeSecret) => {
  const bytes = decodeBase32(one.secret);
  try {
    return {
      sealed_secret: keys.seal(secretPlace(id), bytes),
      otp_type: one.type,
      algorithm: one.algorithm,
      digits: one.digits,
      period: one.period,
      issuer: one.issuer,
      account: one.account,
      hotp_counter: one.counter,
      weak_secret: one.weak,
      last_counter: -1,
    };
  } finally {
    bytes.fill(0);
  }
};

const noOneTime = {
  sealed_secret: null,
  otp_type: null,
  algorithm: null,
  digits: null,
  period: null,
  issuer: null,
  account: null,
  hotp_counter: null,
  weak_secret: false,
  last_counter: -1,
} as const;

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

async function insertEntry(
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

async function setSecret(
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  caller: VaultCaller,
  id: string,
  oneTime: OneTimeSecret | undefined,
  now: Date,
): Promise<void> {
  if (oneTime && (await isSameSecret(trx, keys, id, oneTime))) {
    // What was handed out stays handed out; a counter only goes forward.
    await sql`update vault_entry set issuer = ${oneTime.issuer}, account = ${oneTime.account},
      hotp_counter = greatest(hotp_counter, ${oneTime.counter}::bigint) where id = ${id}::uuid`.execute(trx);
    return;
  }
  const replaced = await keepReplaced(trx, id, now);
  if (!replaced && !oneTime) return;
  await trx
    .updateTable("vault_entry")
    .set({ ...(oneTime ? oneTimeColumns(keys, id, oneTime) : noOneTime), last_rotated_at: now })
    .where("id", "=", id)
    .execute();
  await writeAuditEvent(trx, {
    ...traceOf(caller),
    at: now,
    action: "vault.secret_replaced",
    subject: { kind: "vault_entry", id },
  });
}

/** Whether an entry holds this very seed already: then the codes it handed out stay handed out. */
async function isSameSecret(
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  id: string,
  one: OneTimeSecret,
): Promise<boolean> {
  const row = await trx
    .selectFrom("vault_entry")
    .select(["sealed_secret", "otp_type", "algorithm", "digits", "period"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row?.sealed_secret || row.otp_type !== one.type || row.algorithm !== one.algorithm) return false;
  if (row.digits !== one.digits || row.period !== one.period) return false;
  const [held, sent] = [keys.open(secretPlace(id), row.sealed_secret), decodeBase32(one.secret)];
  try {
    return held.equals(sent);
  } finally {
    held.fill(0);
    sent.fill(0);
  }
}

/** Lays the present seed aside, and drops those whose time is over. */
async function keepReplaced(trx: Kysely<Tables>, id: string, now: Date): Promise<boolean> {
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

async function setBackupCodes(
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
