import { type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import {
  type AuthenticatedCaller,
  auditFactsOf,
  managesVault,
  ownerOf,
  readsLists,
} from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { type WithIsoTimes, withIsoTimes } from "../database/iso-times.ts";
import type { VaultRight } from "../database/tables.ts";
import { heldToCanvas } from "./reach-of-key.ts";
import {
  type EntryRef,
  type FoundEntry,
  grantedPerson,
  isGrantee,
  isListed,
  isOwn,
  rightsOn,
  type VaultParts,
} from "./vault-entry.ts";

interface Search {
  readonly where: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
  readonly limit: number;
  /** Only what the caller has a right to, also where it reads lists. */
  readonly onlyUsable?: boolean;
}

type TimeField = "expires_at" | "last_used_at" | "last_rotated_at" | "created_at" | "restorable_until";
type EntryRow = { [Field in keyof FoundEntry]: Field extends TimeField ? Date | null : FoundEntry[Field] };

/** Entries that the caller has any right to, or reads a list of. */
async function selectEntries(
  { db, clock }: VaultParts,
  caller: AuthenticatedCaller,
  { where, order, limit, onlyUsable = false }: Search,
): Promise<FoundEntry[]> {
  const { rows } = await sql<EntryRow>`
    with visible as (
      select e.*, ${rightsOn(caller)} as rights from vault_entry e
      where e.workspace_id = ${caller.workspaceId} and (${where})
    )
    select e.id, e.name, e.type, e.rights, e.metadata, e.origins,
      jsonb_build_object('kind', e.owner_kind, 'id', e.owner_id, 'name', coalesce(u.username, k.name, 'workspace')) as owner,
      case when e.otp_type is not null then jsonb_build_object('type', e.otp_type, 'algorithm', e.algorithm,
        'digits', coalesce(e.digits, 6), 'period', e.period, 'issuer', e.issuer, 'account', e.account,
        'single_use', e.single_use, 'pending', e.pending, 'weak_secret', e.weak_secret) end as one_time,
      (select count(*) from vault_backup_code b where b.entry_id = e.id and b.used_at is null) as backup_codes_remaining,
      e.expires_at, e.last_used_at, e.last_rotated_at, e.created_at,
      (select max(r.restorable_until) from vault_replaced_secret r
        where r.entry_id = e.id and r.restorable_until > ${clock.now()}) as restorable_until
    from visible e
    left join agent_user u on e.owner_kind = 'agent_user' and u.id = e.owner_id
    left join service_key k on e.owner_kind = 'service_key' and k.id = e.owner_id
    where ${onlyUsable ? sql`cardinality(e.rights) > 0` : isListed(caller)}
    order by ${order} limit ${limit}`.execute(db);
  return rows.map((row) => withIsoTimes(row) as WithIsoTimes<EntryRow> & FoundEntry);
}

export interface EntryFilter {
  readonly limit: number;
  /** The id of the last entry of the page before: lists go from new to old. */
  readonly before?: string | undefined;
  readonly withOneTime?: boolean;
  readonly name?: string | undefined;
  /** Only entries without origins. */
  readonly belongs?: "nowhere" | undefined;
}

export function listEntries(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { limit, before, withOneTime, name, belongs }: EntryFilter,
): Promise<FoundEntry[]> {
  const where = sql.join(
    [
      isReachable(caller),
      ...(withOneTime ? [sql`e.otp_type is not null`] : []),
      ...(belongs === "nowhere" ? [sql`e.origins = '{}'`] : []),
      ...(name === undefined ? [] : [sql`e.name = ${name}`]),
      ...(before === undefined
        ? []
        : [
            sql`(e.created_at, e.id) < (select p.created_at, p.id from vault_entry p where p.id = ${before}::uuid and p.workspace_id = ${caller.workspaceId})`,
          ]),
    ],
    sql` and `,
  );
  return selectEntries(parts, caller, { where, order: sql`e.created_at desc, e.id desc`, limit });
}

/** The entries that a list looks at: those that an index finds for this caller. */
function isReachable(caller: AuthenticatedCaller): RawBuilder<unknown> {
  if (managesVault(caller) || readsLists(caller)) return sql`true`;
  if (grantedPerson(caller))
    return sql`e.id in (select g.entry_id from vault_grant g
      where g.workspace_id = ${caller.workspaceId} and ${isGrantee(caller)})`;
  const { id } = ownerOf(caller);
  return sql`(e.owner_id = ${id}::uuid or e.id in (select entry_id from vault_grant where grantee_id = ${id}::uuid))`;
}

/** Entries of these ids that the caller can see. */
export const findEntriesById = (
  parts: VaultParts,
  caller: AuthenticatedCaller,
  ids: readonly string[],
): Promise<FoundEntry[]> =>
  selectEntries(parts, caller, {
    where: sql`e.id = any(${[...ids]}::uuid[])`,
    order: sql`e.created_at, e.id`,
    limit: ids.length,
  });

const isNamed = (ref: EntryRef): RawBuilder<boolean> =>
  "id" in ref ? sql<boolean>`e.id = ${ref.id}::uuid` : sql<boolean>`e.name = ${ref.name}`;

/**
 * The entry a caller means: by name first its own, then one that was granted. Where several others have the name,
 * the call is refused. A caller that sees the entry but lacks `right` learns that; any other learns nothing.
 */
export async function findEntry(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { right, ...ref }: EntryRef & { readonly right?: VaultRight },
): Promise<FoundEntry> {
  const [entry, other] = await selectEntries(parts, caller, {
    where: isNamed(ref),
    order: sql`${isOwn(caller)} desc, e.created_at, e.id`,
    limit: 2,
    // A name means what the caller can use, not what else a list shows.
    onlyUsable: "name" in ref,
  });
  if (!entry) {
    await auditRefusal(parts, caller, { id: "id" in ref ? ref.id : "", reason: "no_such_entry" });
    throw new PluginError("VAULT_ENTRY_NOT_FOUND");
  }
  if (other && !isOwner(caller, entry)) throw new PluginError("VAULT_NAME_AMBIGUOUS");
  if (right !== undefined && !entry.rights.includes(right)) {
    await auditRefusal(parts, caller, { id: entry.id, reason: "not_granted" });
    throw new PluginError("FORBIDDEN", heldToCanvas(caller) ? { message: onlyCodes } : {});
  }
  return entry;
}

const onlyCodes =
  "Outside its canvas this agent's grant does not give this. A manager of the entry can grant it also outside the canvas.";

export function isOwner(caller: AuthenticatedCaller, { owner }: FoundEntry): boolean {
  if (grantedPerson(caller)) return false;
  const { kind, id } = ownerOf(caller);
  return owner.kind === kind && owner.id === id;
}

/** The log stores ids only: a name that was asked for is free text. */
const auditRefusal = (
  { db, clock }: VaultParts,
  caller: AuthenticatedCaller,
  { id, reason }: { readonly id: string; readonly reason: "no_such_entry" | "not_granted" },
): Promise<void> =>
  writeAuditEvent(db, {
    ...auditFactsOf(caller),
    at: clock.now(),
    action: "vault.refused",
    subject: { kind: "vault_entry", id },
    result: "refused",
    reason,
  });

/** Which of these names the caller gave to an entry of its own. */
export async function ownNames(
  { db }: VaultParts,
  caller: AuthenticatedCaller,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const { rows } = await sql<{ name: string }>`
    select name from vault_entry e where e.workspace_id = ${caller.workspaceId}
      and e.name = any(${[...names]}::text[]) and ${isOwn(caller)}`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
