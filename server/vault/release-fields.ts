import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { coversOrigin } from "../../plugin/origin.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AgentUserCaller, auditFactsOf } from "../access/caller.ts";
import { askPeople } from "../approvals/ask-people.ts";
import { type BoundCall, bindCall, hasAsked, isApproved, useApproval } from "../approvals/bound-call.ts";
import { insertAuditFrom } from "../audit/audit-log.ts";
import { auditOncePerMinute } from "../audit/audit-once-per-minute.ts";
import { openText } from "../secrets/open-text.ts";
import { findEntry } from "./find-entries.ts";
import { isOverLimit, policyRefusal } from "./grant-policy.ts";
import { issueServiceCode } from "./issue-service-code.ts";
import { dataContext, type FoundEntry, type VaultParts } from "./vault-entry.ts";

/** The field that is not stored: the one-time code of this moment. */
export const codeField = "code";

export interface FieldRelease {
  readonly caller: AgentUserCaller;
  readonly name: string;
  readonly fields: readonly string[];
  /** Where the values are sent. */
  readonly target: URL;
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  readonly onWaiting?: ((until: Date) => void) | undefined;
  /** What people who are asked see of the reason. */
  readonly reason?: string | undefined;
}

/**
 * Fields of one entry for a request to one of its origins: what the agent may use there and need not see. The same
 * grant, policy and questions to people decide as for a code; every field that is given leaves a row in the audit log.
 */
export async function releaseFields(
  parts: VaultParts,
  release: FieldRelease,
): Promise<ReadonlyMap<string, string>> {
  const { caller, name, fields } = release;
  const entry = await findEntry(parts, caller, { name });
  await requireOrigin(parts, release, entry);
  const [requestId, values] = [randomUUID(), new Map<string, string>()];
  const stored = fields.filter((field) => field !== codeField);
  if (stored.length > 0 && !entry.rights.includes("data")) {
    await auditRelease(parts, release, { entry, fields: stored, refusedBy: "not_granted" });
    throw refusalOf("not_granted");
  }
  if (stored.length > 0)
    for (const [field, value] of await openFields(parts, release, { entry, stored, requestId }))
      values.set(field, value);
  if (fields.includes(codeField)) {
    const { minRemaining, signal, onWaiting, reason } = release;
    const ref = { caller, entry: { id: entry.id }, minRemaining, signal, onWaiting, reason, requestId };
    values.set(codeField, (await issueServiceCode(parts, ref)).code);
  }
  // People, or the wait for the next window, may have taken a while: the entry may belong elsewhere by now.
  await requireOrigin(parts, release, entry);
  await auditRelease(parts, release, { entry, fields: [...values.keys()] });
  return values;
}

async function requireOrigin(parts: VaultParts, release: FieldRelease, entry: FoundEntry): Promise<void> {
  const { fields, target } = release;
  const { origins } = await parts.db
    .selectFrom("vault_entry")
    .select("origins")
    .where("id", "=", entry.id)
    .executeTakeFirstOrThrow(() => new PluginError("VAULT_ENTRY_NOT_FOUND"));
  if (coversOrigin(origins, target)) return;
  await auditRelease(parts, release, { entry, fields, refusedBy: "origin" });
  throw new PluginError("SECRET_NOT_FOR_ORIGIN", { message: notForOrigin(origins, target) });
}

const notForOrigin = (origins: readonly string[], target: URL): string =>
  origins.length === 0
    ? `This entry belongs to no origin yet. A manager of the entry can add ${target.origin} to it.`
    : `This entry belongs to ${origins.join(", ")} and its secrets are sent nowhere else. A manager of the entry can add an origin.`;

interface Opening {
  readonly entry: FoundEntry;
  readonly stored: readonly string[];
  readonly requestId: string;
}

async function openFields(
  parts: VaultParts,
  release: FieldRelease,
  { entry, stored, requestId }: Opening,
): Promise<ReadonlyMap<string, string>> {
  const { caller } = release;
  const call = bindCall(caller, { requestId });
  const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
  const outcome = await useData(parts, caller, { id: entry.id, call });
  if (outcome?.refusal === "approval") {
    await askPeople(parts, {
      caller,
      call,
      subject: { kind: "vault_entry", id: entry.id, name: entry.name },
      policy: outcome.ask,
      grantId: outcome.asking_grant,
      reader: caller.name,
      reason: release.reason,
    });
    return openFields(parts, release, { entry, stored, requestId });
  }
  if (!outcome || outcome.refusal !== null || outcome.sealed_data === null) {
    await auditRelease(parts, release, {
      entry,
      fields: stored,
      refusedBy: outcome?.refusal ?? "no_such_entry",
    });
    throw refusalOf(outcome?.refusal ?? null);
  }
  const data: Record<string, unknown> = JSON.parse(
    openText(keys, dataContext(entry.id), outcome.sealed_data),
  );
  // The read is counted by now, so it leaves a trace too.
  if (!stored.every((field) => isNameable(fieldOf(data, field)))) {
    await auditRelease(parts, release, { entry, fields: stored, refusedBy: "unknown_field" });
    throw new PluginError("SECRET_FIELD_UNKNOWN");
  }
  return new Map(stored.map((field) => [field, String(fieldOf(data, field))] as const));
}

/** A value of the data itself, and none that every object has. */
const fieldOf = (data: Readonly<Record<string, unknown>>, field: string): unknown =>
  Object.hasOwn(data, field) ? data[field] : undefined;

type Refusal = "not_granted" | "expired" | "policy" | "too_many" | "approval";

interface DataOutcome {
  readonly refusal: Refusal | null;
  readonly sealed_data: string | null;
  readonly ask: FoundAsk;
  readonly asking_grant: string | null;
}
type FoundAsk = Parameters<typeof askPeople>[1]["policy"];

/** Decides by the rows as they are now, counts the read where a grant limits it, and uses an approval up. */
async function useData(
  { db, clock }: VaultParts,
  { workspaceId, agentUserId, trace }: AgentUserCaller,
  { id, call }: { readonly id: string; readonly call: BoundCall },
): Promise<DataOutcome | undefined> {
  const now = sql`${clock.now()}`;
  const read = { callKey: sql`${call.call_key}`, usedBy: sql`${call.used_by}`, at: now };
  const { rows } = await sql<DataOutcome>`
    with candidate as (
      select e.*, o.own, g.id as grant_id, g.policy, case when not o.own then g.rights end as rights,
        case when not o.own then ${policyRefusal({ at: now, workflowId: sql`${trace?.workflowId ?? null}` })} end as policy_refusal,
        case when not o.own and g.policy ->> 'decision' = 'approve' then g.id end as asking_grant,
        ${hasAsked({ ...read, subjectId: sql`e.id` })} as has_asked
      from vault_entry e
      left join vault_grant g on g.entry_id = e.id and g.grantee_kind = 'agent_user' and g.grantee_id = ${agentUserId}::uuid
      cross join lateral (select e.owner_kind = 'agent_user' and e.owner_id = ${agentUserId}::uuid as own) o
      where e.id = ${id}::uuid and e.workspace_id = ${workspaceId}::uuid and (o.own or g.id is not null)
    ), found as (
      select c.*, c.ask is not null or c.asking_grant is not null or c.has_asked as asks,
        case when not c.own and not 'data' = any(c.rights) then 'not_granted'
          when c.expires_at <= ${now}::timestamptz then 'expired'
          when c.policy_refusal is not null then c.policy_refusal
          when (c.ask is not null or c.asking_grant is not null or c.has_asked)
            and not ${isApproved({ ...read, subjectId: sql`c.id` })} then 'approval' end as refusal
      from candidate c
    ), counted as (
      update vault_grant g set recent_reads = array(select r from unnest(g.recent_reads || ${now}::timestamptz) r
        where r > ${now}::timestamptz - interval '1 hour')
      from found f where g.id = f.grant_id and not f.own and f.refusal is null
        and f.policy ? 'max_reads_per_hour' and not ${isOverLimit(now)}
      returning g.id
    ), approved as (${useApproval({ ...read, subjectId: sql`f.id` })}
    ), used as (
      update vault_entry e set last_used_at = ${now}::timestamptz from found f
      where e.id = f.id and f.refusal is null
        and (f.own or not coalesce(f.policy ? 'max_reads_per_hour', false) or exists (select from counted))
        and (not f.asks or exists (select from approved))
      returning e.id, e.sealed_data
    )
    select f.ask, f.asking_grant, u.sealed_data, coalesce(f.refusal, case when u.id is null then 'too_many' end) as refusal
    from found f left join used u on true`.execute(db);
  return rows[0];
}

function refusalOf(refusal: Refusal | null): PluginError {
  switch (refusal) {
    case "not_granted":
      return new PluginError("FORBIDDEN", {
        message:
          "You may not use the data of this entry here. A manager of the entry can grant it with the right data, and for an agent's own program also outside the canvas.",
      });
    case "expired":
      return new PluginError("VAULT_ENTRY_EXPIRED");
    case "too_many":
      return new PluginError("RATE_LIMITED", { retryAfterSeconds: 3_600 });
    case "policy":
      return new PluginError("POLICY_REFUSED");
    default:
      return new PluginError("VAULT_ENTRY_NOT_FOUND");
  }
}

interface ReleaseTrace {
  readonly entry: FoundEntry;
  readonly fields: readonly string[];
  readonly refusedBy?: string;
}

/** A row for every field: which entry, which field, to which origin, and never the value. */
async function auditRelease(
  { db, clock }: VaultParts,
  { caller, target }: FieldRelease,
  { entry, fields, refusedBy }: ReleaseTrace,
): Promise<void> {
  const facts = {
    ...auditFactsOf(caller),
    at: clock.now(),
    action: "vault.field_released",
    subject: { kind: "vault_entry", id: entry.id },
  };
  if (refusedBy !== undefined) {
    // The name of a field that was refused is free text: it may be anything that a model wrote.
    const reason = `field ${fields.length} refused (${refusedBy}) to ${target.origin}`;
    const { agentUserId } = caller;
    await auditOncePerMinute(db, { ...facts, result: "refused", reason }, { agentUserId, why: refusedBy });
    return;
  }
  await sql`with released as (select f.name from unnest(${[...fields]}::text[]) as f(name))
    ${insertAuditFrom("released", facts, {
      reason: sql`'field ' || released.name || ' to ' || ${target.origin}::text`,
    })}`.execute(db);
}

/** Every origin of an entry that this agent may use something of. */
export async function originsFor({ db }: VaultParts, caller: AgentUserCaller): Promise<string[]> {
  const { rows } = await sql<{ origin: string }>`
    select distinct o.origin from vault_entry e, unnest(e.origins) as o(origin)
    where e.workspace_id = ${caller.workspaceId}::uuid and (
      (e.owner_kind = 'agent_user' and e.owner_id = ${caller.agentUserId}::uuid)
      or e.id in (select g.entry_id from vault_grant g where g.grantee_kind = 'agent_user'
        and g.grantee_id = ${caller.agentUserId}::uuid and g.rights && '{data,codes}'::text[]))`.execute(db);
  return rows.map(({ origin }) => origin);
}

/** Which fields of which entries an agent may name, and where: names only, never values. */
export async function nameableFields(
  { db, keyRing }: VaultParts,
  { workspaceId, agentUserId }: Pick<AgentUserCaller, "workspaceId" | "agentUserId">,
): Promise<NameableEntry[]> {
  const keys = await keyRing.forWorkspace(workspaceId);
  const { rows } = await sql<Nameable>`
    select e.id, e.name, e.origins, e.sealed_data, e.otp_type is not null as has_code, o.own, g.rights
    from vault_entry e cross join lateral (select e.owner_kind = 'agent_user' and e.owner_id = ${agentUserId}::uuid as own) o
    left join vault_grant g on g.entry_id = e.id and g.grantee_kind = 'agent_user' and g.grantee_id = ${agentUserId}::uuid
    where e.workspace_id = ${workspaceId}::uuid and (o.own or g.rights && '{data,codes}'::text[])
    order by e.name limit ${mostNameable}`.execute(db);
  return rows.map((row) => {
    const may = (right: string) => row.own || (row.rights ?? []).includes(right);
    const data: Record<string, unknown> = may("data")
      ? JSON.parse(openText(keys, dataContext(row.id), row.sealed_data))
      : {};
    const stored = Object.keys(data).filter((field) => field !== codeField && isNameable(data[field]));
    return {
      entry: row.name,
      origins: row.origins,
      fields: [...stored, ...(row.has_code && may("codes") ? [codeField] : [])],
    };
  });
}

const mostNameable = 200;
const isNameable = (value: unknown): boolean =>
  (typeof value === "string" && value !== "") || typeof value === "number";

export interface NameableEntry {
  readonly entry: string;
  readonly origins: string[];
  readonly fields: string[];
}
interface Nameable {
  readonly id: string;
  readonly name: string;
  readonly origins: string[];
  readonly sealed_data: string;
  readonly has_code: boolean;
  readonly own: boolean;
  readonly rights: string[] | null;
}
