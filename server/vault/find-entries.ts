import { type Kysely, type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables, VaultRight } from "../database/tables.ts";
import { type EntryRef, isOwn, rightsOn, type VaultCaller, type VaultTrace } from "./vault-caller.ts";
import { type EntryColumns, type ShownEntry, showEntry } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

interface Search {
  readonly caller: VaultCaller;
  readonly where: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
  readonly limit: number;
  readonly now: Date;
}

/** Entries the caller has any right to. */
async function select(
  db: Kysely<Tables>,
  { caller, where, order, limit, now }: Search,
): Promise<EntryColumns[]> {
  const { rows } = await sql<EntryColumns>`
    with visible as (
      select e.*, ${rightsOn(caller)} as rights from vault_entry e
      where e.workspace_id = ${caller.workspaceId} and (${where})
    )
    select e.id, e.name, e.type, e.owner_kind, e.owner_id, e.metadata, e.otp_type, e.algorithm, e.digits, e.period,
      e.issuer, e.account, e.single_use, e.weak_secret, e.pending, e.expires_at, e.last_used_at, e.last_rotated_at,
      e.created_at, e.rights, coalesce(u.username, k.name) as owner_name,
      (select count(*) from vault_backup_code b where b.entry_id = e.id and b.used_at is null) as backup_codes,
      (select max(r.restorable_until) from vault_replaced_secret r
        where r.entry_id = e.id and r.restorable_until > ${now}) as restorable_until
    from visible e
    left join agent_user u on e.owner_kind = 'agent_user' and u.id = e.owner_id
    left join service_key k on e.owner_kind = 'service_key' and k.id = e.owner_id
    where cardinality(e.rights) > 0
    order by ${order} limit ${limit}`.execute(db);
  return rows;
}

/** Newest first; `before` is the id of the last entry of the page before. */
export interface EntryFilter {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly withOneTime?: boolean;
  readonly name?: string | undefined;
}

export const listEntries =
  ({ db, clock }: VaultParts) =>
  async (caller: VaultCaller, { limit, before, withOneTime, name }: EntryFilter): Promise<ShownEntry[]> => {
    const mine = caller.admin
      ? sql`true`
      : sql`(e.owner_id = ${caller.id}::uuid
          or e.id in (select entry_id from vault_grant where grantee_id = ${caller.id}::uuid))`;
    const where = sql.join(
      [
        mine,
        ...(withOneTime ? [sql`e.otp_type is not null`] : []),
        ...(name === undefined ? [] : [sql`e.name = ${name}`]),
        ...(before === undefined
          ? []
          : [
              sql`(e.created_at, e.id) < (select p.created_at, p.id from vault_entry p where p.id = ${before}::uuid and p.workspace_id = ${caller.workspaceId})`,
            ]),
      ],
      sql` and `,
    );
    const order = sql`e.created_at desc, e.id desc`;
    return (await select(db, { caller, where, order, limit, now: clock.now() })).map(showEntry);
  };

/** Names one entry in the SQL of this room. */
export const isNamed = (ref: EntryRef): RawBuilder<boolean> =>
  "id" in ref ? sql<boolean>`e.id = ${ref.id}::uuid` : sql<boolean>`e.name = ${ref.name}`;

/**
 * The entry a caller means: by name its own first, then one it was granted. Where several others have the
 * name, none is picked. Whoever lacks the right is told so only of entries it can see.
 */
export const findEntry =
  ({ db, clock }: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef, right?: VaultRight): Promise<ShownEntry> => {
    const rows = await select(db, {
      caller,
      where: isNamed(ref),
      order: sql`${isOwn(caller)} desc, e.created_at, e.id`,
      limit: 2,
      now: clock.now(),
    });
    const [row, other] = rows;
    if (!row) throw await refused(db, clock.now(), caller, ref, "no_such_entry");
    const own = row.owner_kind === caller.kind && row.owner_id === caller.id;
    if (other && !own) throw new PluginError("VAULT_NAME_AMBIGUOUS");
    if (right !== undefined && !row.rights.includes(right))
      throw await refused(db, clock.now(), caller, { id: row.id }, "not_granted");
    return showEntry(row);
  };

/** Writes down a refusal and gives the error for it. Names are what somebody typed: only ids are kept. */
async function refused(
  db: Kysely<Tables>,
  at: Date,
  caller: VaultCaller,
  ref: EntryRef,
  reason: "no_such_entry" | "not_granted",
): Promise<PluginError> {
  await writeAuditEvent(db, {
    ...traceOf(caller),
    at,
    action: "vault.refused",
    subject: { kind: "vault_entry", id: "id" in ref ? ref.id : "" },
    result: "refused",
    reason,
  });
  return reason === "not_granted" ? new PluginError("FORBIDDEN") : new PluginError("VAULT_ENTRY_NOT_FOUND");
}

/** Entries of these ids that the caller can see. */
export const findEntriesById =
  ({ db, clock }: VaultParts) =>
  async (caller: VaultCaller, ids: readonly string[]): Promise<ShownEntry[]> =>
    (
      await select(db, {
        caller,
        where: sql`e.id = any(${[...ids]}::uuid[])`,
        order: sql`e.created_at, e.id`,
        limit: ids.length,
        now: clock.now(),
      })
    ).map(showEntry);

/** What every audited deed of the vault carries. */
export const traceOf = ({ workspaceId, actor, workflowId, runId, nodeId }: VaultTrace) => ({
  workspaceId,
  actor,
  ...(workflowId === undefined ? {} : { workflowId }),
  ...(runId === undefined ? {} : { runId }),
  ...(nodeId === undefined ? {} : { nodeId }),
});
