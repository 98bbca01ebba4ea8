import { type Kysely, sql } from "kysely";
import type { ReachRule } from "../../plugin/may-reach.ts";
import { originsCovering } from "../../plugin/origin.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AgentUserCaller, auditFactsOf } from "../access/caller.ts";
import { insertAuditFrom } from "../audit/audit-log.ts";
import { auditOncePerMinute } from "../audit/audit-once-per-minute.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";

/**
 * Where one agent may send requests, with which methods and how often, as its builder says it on the canvas. The
 * operator's lists decide before; an agent without rules has those alone.
 */
export interface ReachParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

export const createReach = (parts: ReachParts) => ({ judge: judgeReach.bind(null, parts) });
export type Reach = ReturnType<typeof createReach>;

export interface ReachRequest {
  readonly rules: readonly ReachRule[];
  readonly method: string;
  readonly url: URL;
}

const minute = 60_000;

/** Throws where the agent may not send this request. Called before anything is put into it. */
export async function judgeReach(
  parts: ReachParts,
  caller: AgentUserCaller,
  { rules, method, url }: ReachRequest,
): Promise<void> {
  if (rules.length === 0) return;
  const covering = originsCovering(url);
  // A host by its own name goes before `*.`: who names both means two rules.
  const rule = covering
    .map((origin) => rules.find((one) => one.origin === origin))
    .find((one) => one !== undefined);
  if (!rule) throw await refused(parts, caller, { reason: "host", message: notThere(rules) });
  if (rule.methods.length > 0 && !rule.methods.includes(method.toUpperCase()))
    throw await refused(parts, caller, {
      reason: "method",
      message: `This agent may send ${rule.methods.join(", ")} there, and no other method. Its builder can change that on the agent node.`,
    });
  if (rule.perMinute !== undefined) await countCall(parts, caller, { ...rule, perMinute: rule.perMinute });
}

const notThere = (rules: readonly ReachRule[]): string => {
  const named = rules.slice(0, 5).map(({ origin }) => origin);
  const more = rules.length - named.length;
  return `This agent may send requests to ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} only. Its builder can add an address on the agent node.`;
};

async function refused(
  { db, clock }: ReachParts,
  caller: AgentUserCaller,
  { reason, message }: { readonly reason: "host" | "method"; readonly message: string },
): Promise<PluginError> {
  const facts = { ...refusalFacts(caller, clock.now()), reason };
  await auditOncePerMinute(db, facts, { agentUserId: caller.agentUserId, why: reason });
  return new PluginError("REACH_REFUSED", { message });
}

const refusalFacts = (caller: AgentUserCaller, at: Date) => ({
  ...auditFactsOf(caller),
  at,
  action: "agent.reach_refused",
  subject: { kind: "agent_user", id: caller.agentUserId },
  result: "refused" as const,
});

/**
 * Counts a call, or refuses it: one statement, so that all processes count together. The log gets the first refusal of
 * a minute; a model that tries again and again fills it with no more. Rows that have ended are removed by the next call;
 * those that another call holds are left to it, so no two calls wait for each other.
 */
async function countCall(
  { db, clock }: ReachParts,
  caller: AgentUserCaller,
  { origin, perMinute }: { readonly origin: string; readonly perMinute: number },
): Promise<void> {
  const now = clock.now();
  const since = new Date(now.getTime() - minute);
  const ends = new Date(now.getTime() + minute);
  const id = caller.agentUserId;
  const { rows } = await sql<{ counted: boolean; oldest: Date | null }>`
    with ended as (
      delete from agent_reach where ctid = any(array(
        select ctid from agent_reach
        where ends_at <= ${now} and not (agent_user_id = ${id}::uuid and origin = ${origin})
        limit 100 for update skip locked))
    ), counted as (
      insert into agent_reach as known (agent_user_id, origin, recent, ends_at)
      values (${id}::uuid, ${origin}, array[${now}::timestamptz], ${ends})
      on conflict (agent_user_id, origin) do update
        set recent = array(select at from unnest(known.recent) at where at > ${since}::timestamptz) || ${now}::timestamptz,
          ends_at = ${ends}
        where (select count(*) from unnest(known.recent) at where at > ${since}::timestamptz) < ${perMinute}
      returning origin
    ), noted as (
      update agent_reach set refused_at = ${now}
      where agent_user_id = ${id}::uuid and origin = ${origin} and not exists (select from counted)
        and (refused_at is null or refused_at <= ${since}::timestamptz)
      returning agent_user_id
    ), audited as (${insertAuditFrom("noted", { ...refusalFacts(caller, now), reason: "rate" })}
    )
    select exists (select from counted) as counted,
      (select min(at) from agent_reach, unnest(recent) at
        where agent_user_id = ${id}::uuid and origin = ${origin} and at > ${since}::timestamptz) as oldest`.execute(
    db,
  );
  const [row] = rows;
  if (row?.counted) return;
  const free = (row?.oldest ?? now).getTime() + minute - now.getTime();
  throw new PluginError("REACH_RATE_LIMITED", { retryAfterSeconds: Math.max(1, Math.ceil(free / 1000)) });
}
