import { type RawBuilder, sql } from "kysely";
import type { AskPolicy } from "../../plugin/api/approvals.ts";
import type { Owner } from "../access/caller.ts";
import { hasAsked, isApproved, useApproval } from "../approvals/bound-call.ts";
import { insertAuditFrom } from "../audit/audit-log.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { NewAuditEvent } from "../database/tables.ts";
import { workflowIs } from "../database/workflow-is.ts";
import type { TotpAlgorithm } from "../totp/totp.ts";
import { isOverLimit, policyRefusal } from "./grant-policy.ts";
import { hasWire } from "./reach-of-key.ts";
import { allRights } from "./vault-entry.ts";

/** The most windows that one call waits for. With a longer queue, the caller must try again. */
const windowsAhead = 2;

export type CodeRefusal =
  | "no_agent"
  | "no_such_entry"
  | "ambiguous"
  | "not_granted"
  | "off_canvas"
  | "no_secret"
  | "expired"
  | "pending"
  | "policy"
  | "too_many"
  | "approval"
  | "in_use";

/** What a request for a code led to. */
export interface CodeOutcome {
  readonly id: string | null;
  readonly name: string;
  readonly refusal: CodeRefusal | null;
  readonly otp_type: "totp" | "hotp";
  readonly algorithm: TotpAlgorithm;
  readonly digits: number;
  readonly period: number | null;
  readonly sealed_secret: string;
  /** The step or counter of the code. It may be ahead of the clock. */
  readonly counter: number;
  readonly last_counter: number;
  readonly backup_codes: number;
  /** Whom the entry asks before each code. */
  readonly ask: AskPolicy | null;
  /** The grant that asks; null where none does. */
  readonly asking_grant: string | null;
  /** The agent user that reads; null where the caller is none. */
  readonly asking: string | null;
  readonly database_now: Date;
}

export interface CodeStatement extends NewAuditEvent {
  readonly entry_id: string | null;
  readonly entry_name: string | null;
  readonly admin: boolean;
  readonly caller_kind: Owner["kind"] | "person";
  /** Of a person who comes by a grant. */
  readonly caller_roles: readonly string[];
  /** Null where the caller is an agent node. */
  readonly caller_id: string | null;
  readonly host: string | null;
  readonly host_instance: string | null;
  readonly agent_node_id: string | null;
  readonly workflow_version: number | null;
  /** Of an agent's own key: the place on the canvas whose wires it is held to. Null for other callers. */
  readonly held_to_agent: string | null;
  readonly held_to_workflow: string | null;
  readonly minRemaining: number;
  readonly call_key: string;
  readonly used_by: string;
}
type Value = <Name extends keyof CodeStatement & string>(name: Name) => RawBuilder<CodeStatement[Name]>;

const every = sql.lit(`{${allRights.join(",")}}`);

const namedCaller = (value: Value) =>
  sql`select ${value("caller_id")}::uuid as id, ${value("on_behalf_of")}::text as username`;

/** The agent at this location, unless it is disabled, or the version that led here is no longer the current one. */
const agentAtLocation = (value: Value) => sql`
  select u.id, u.username from agent_user u
  where u.workspace_id = ${value("workspace_id")}::uuid and u.host = ${value("host")} and u.host_instance = ${value("host_instance")}
    and u.workflow_id = ${value("workflow_id")} and u.agent_node_id = ${value("agent_node_id")} and u.disabled_at is null
    and (${value("workflow_version")}::integer is null or exists (select from workflow w
      where ${workflowIs("w", value("workflow_id"))} and w.version = ${value("workflow_version")} and w.deleted_at is null))`;

/** The grant of the caller, and there is one at most. */
const grantOfCaller = (value: Value) =>
  sql`left join vault_grant g on g.entry_id = e.id and g.grantee_kind = ${value("caller_kind")} and g.grantee_id = me.id`;

const momentOf = (value: Value) => ({ at: value("at"), workflowId: value("workflow_id") });

/** A person has grants by name and by role: the one that gives a code now is the one that counts. */
const grantOfPerson = (value: Value) => sql`
    left join lateral (
      select g.* from vault_grant g where g.entry_id = e.id
        and (g.grantee_kind = 'person' and g.grantee_id = me.id or g.grantee_role = any(${value("caller_roles")}::text[]))
      order by 'codes' = any(g.rights) desc, ${policyRefusal(momentOf(value))} is null desc,
        g.policy ->> 'decision' is distinct from 'approve' desc, g.id limit 1) g on true`;

/** A grant without any wire holds for callers of every kind, but not for an agent's own key. */
const holds = (value: Value) =>
  sql`(${value("held_to_agent")}::text is null or g.outside_canvas or ${hasWire({
    workspaceId: value("workspace_id"),
    workflowId: value("held_to_workflow"),
    agentNodeId: value("held_to_agent"),
    entryName: sql`e.name`,
  })})`;

const isOwn = (value: Value) => sql`(e.owner_kind = ${value("caller_kind")} and e.owner_id = me.id)`;

const readOf = (value: Value, subjectId: RawBuilder<unknown>) => ({
  subjectId,
  callKey: value("call_key"),
  usedBy: value("used_by"),
  at: value("at"),
});

interface StatementParts {
  readonly me: RawBuilder<unknown>;
  readonly entry: RawBuilder<unknown>;
  readonly grant: RawBuilder<unknown>;
}

/**
 * One statement: who asks, which entry they mean, whether they may, which step they get, and the trace of it.
 * `candidate` is what the caller can see under that name. `used` is the row when its turn comes: a step that is given
 * out once is reserved there. `counted` counts the reads of a grant that limits them.
 */
const statement = (value: Value, { me, entry, grant }: StatementParts) => sql<CodeOutcome>`
  with me as (${me}
  ), candidate as (
    select e.*, ${isOwn(value)} as own, g.id as grant_id, g.policy,
      ${isOwn(value)} or ${value("admin")}::boolean or ${holds(value)} as holds,
      floor(extract(epoch from ${value("at")}::timestamptz) / e.period)::bigint as step,
      case when ${isOwn(value)} or ${value("admin")}::boolean then ${every}::text[] else g.rights end as rights,
      case when not ${isOwn(value)} and not ${value("admin")}::boolean then ${policyRefusal(momentOf(value))} end as policy_refusal,
      case when not ${isOwn(value)} and not ${value("admin")}::boolean and g.policy ->> 'decision' = 'approve' then g.id end as asking_grant,
      ${hasAsked(readOf(value, sql`e.id`))} as has_asked
    from me cross join vault_entry e
    ${grant}
    where e.workspace_id = ${value("workspace_id")}::uuid
      and ${entry}
      and (${isOwn(value)} or ${value("admin")}::boolean or g.id is not null)
    order by own desc limit 2
  ), found as (
    select c.*, c.ask is not null or c.asking_grant is not null or c.has_asked as asks,
      case when c.period - extract(epoch from ${value("at")}::timestamptz)::bigint % c.period
        < least(${value("minRemaining")}::integer, c.period) then c.step + 1 else c.step end as wanted,
      case
        when not c.own and (select count(*) from candidate) > 1 then 'ambiguous'
        when not 'codes' = any(c.rights) then 'not_granted'
        when not c.holds then 'off_canvas'
        when c.sealed_secret is null then 'no_secret'
        when c.expires_at <= ${value("at")}::timestamptz then 'expired'
        when c.pending and not 'manage' = any(c.rights) then 'pending'
        when c.policy_refusal is not null then c.policy_refusal
        when (c.ask is not null or c.asking_grant is not null or c.has_asked) and not ${isApproved(readOf(value, sql`c.id`))} then 'approval'
      end as refusal
    from candidate c order by c.own desc limit 1
  ), counted as (
    update vault_grant g set recent_reads = array(select r from unnest(g.recent_reads || ${value("at")}::timestamptz) r
      where r > ${value("at")}::timestamptz - interval '1 hour')
    from found f where g.id = f.grant_id and f.refusal is null and f.policy ? 'max_reads_per_hour' and not ${isOverLimit(value("at"))}
    returning g.id
  ), approved as (
    ${useApproval(readOf(value, sql`f.id`))}
  ), used as (
    update vault_entry e set
      last_used_at = ${value("at")}::timestamptz,
      last_counter = case when e.single_use and e.period is not null
        then greatest(f.wanted, e.last_counter + 1) else e.last_counter end,
      hotp_counter = e.hotp_counter + 1
    from found f
    where e.id = f.id and f.refusal is null and e.sealed_secret is not null
      and (f.policy is null or f.own or not f.policy ? 'max_reads_per_hour' or exists (select from counted))
      and (not f.asks or exists (select from approved))
      and (not e.single_use or e.period is null or e.last_counter < f.wanted
        or (${value("minRemaining")}::integer > 0 and e.last_counter < f.step + ${sql.lit(windowsAhead)}))
    returning e.*, case when e.period is null then e.hotp_counter - 1
      when e.single_use then e.last_counter else f.wanted end as counter
  ), outcome as (
    select f.id, f.name, f.ask, f.asking_grant, me.username as asking, coalesce(u.otp_type, f.otp_type) as otp_type,
      coalesce(u.algorithm, f.algorithm) as algorithm, coalesce(u.digits, f.digits) as digits,
      coalesce(u.period, f.period) as period, u.sealed_secret, u.counter, f.last_counter,
      case when me.id is null then 'no_agent' when f.id is null then 'no_such_entry'
        when f.refusal is not null then f.refusal when u.id is null then 'in_use' end as refusal
    from (select 1) one left join me on true left join found f on true left join used u on true
  ), audited as (
    ${insertAuditFrom("outcome", value, {
      on_behalf_of: sql`outcome.asking`,
      subject_id: sql`coalesce(outcome.id::text, ${value("subject_id")}::text)`,
      result: sql`case when outcome.refusal is null then 'ok' else 'refused' end`,
      reason: sql`outcome.refusal`,
      counter: sql`outcome.counter`,
    })}
  )
  select o.*, clock_timestamp() as database_now,
    (select count(*) from vault_backup_code b where b.entry_id = o.id and b.used_at is null) as backup_codes
  from outcome o`;

const byId = (value: Value) => sql`e.id = ${value("entry_id")}::uuid`;
const byName = (value: Value) => sql`e.name = ${value("entry_name")}::text`;
const compile = (me: typeof namedCaller, entry: typeof byId, grant = grantOfCaller) =>
  compileStatement<CodeStatement, CodeOutcome>((value) =>
    statement(value, { me: me(value), entry: entry(value), grant: grant(value) }),
  );

/**
 * One statement for each way to say who asks (an account, the agent at a location, or a person with grants) and for what (id or name):
 * a statement that leaves both open would have to look the entry up both ways.
 */
export const useCode = {
  account: { id: compile(namedCaller, byId), name: compile(namedCaller, byName) },
  location: { id: compile(agentAtLocation, byId), name: compile(agentAtLocation, byName) },
  person: {
    id: compile(namedCaller, byId, grantOfPerson),
    name: compile(namedCaller, byName, grantOfPerson),
  },
} as const;
