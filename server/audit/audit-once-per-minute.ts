import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";
import { type AuditFacts, insertAuditFrom } from "./audit-log.ts";

const minute = 60_000;

interface Refused {
  readonly agentUserId: string;
  /** Why, in words of ours: each is a row, so it holds nothing that a model or a program wrote. */
  readonly why: string;
}

/**
 * Writes a refusal of an agent, the first of a minute for each subject and reason, on all processes together: a program
 * that tries again and again fills the log with no more. The rows are those of the agent's rates, under a name that no
 * origin has.
 */
export async function auditOncePerMinute(
  db: Kysely<Tables>,
  facts: AuditFacts,
  { agentUserId, why }: Refused,
): Promise<void> {
  const now = facts.at;
  const [since, ends] = [new Date(now.getTime() - minute), new Date(now.getTime() + minute)];
  const name = ["refused", facts.action, facts.subject?.id ?? "", why].join(" ");
  await sql`
    with ended as (
      delete from agent_reach where ctid = any(array(
        select ctid from agent_reach
        where ends_at <= ${now} and not (agent_user_id = ${agentUserId}::uuid and origin = ${name})
        limit 100 for update skip locked))
    ), noted as (
      insert into agent_reach as known (agent_user_id, origin, recent, refused_at, ends_at)
      values (${agentUserId}::uuid, ${name}, '{}', ${now}, ${ends})
      on conflict (agent_user_id, origin) do update set refused_at = ${now}, ends_at = ${ends}
        where known.refused_at is null or known.refused_at <= ${since}
      returning agent_user_id
    )
    ${insertAuditFrom("noted", facts)}`.execute(db);
}
