import { type RawBuilder, sql } from "kysely";

interface Moment {
  readonly at: RawBuilder<unknown>;
  readonly workflowId: RawBuilder<unknown>;
}

/**
 * Why the policy of grant `g` refuses a read, as SQL; null where it does not. The statement that counts reads checks
 * their limit once more, on the row as it is then. Whether people are asked is the matter of `server/approvals`.
 */
export const policyRefusal = ({ at, workflowId }: Moment): RawBuilder<string | null> => {
  const time = sql`(${at}::timestamptz at time zone (g.policy #>> '{hours,time_zone}'))::time`;
  const from = sql`(g.policy #>> '{hours,from}')::time`;
  const to = sql`(g.policy #>> '{hours,to}')::time`;
  return sql<string | null>`case
    when g.policy ->> 'decision' = 'deny' then 'policy'
    when g.policy ? 'workflows' and not coalesce(g.policy -> 'workflows' ? ${workflowId}::text, false) then 'policy'
    when g.policy ? 'hours' and not (case when ${from} <= ${to} then ${time} >= ${from} and ${time} < ${to}
      else ${time} >= ${from} or ${time} < ${to} end) then 'policy'
    when ${isOverLimit(at)} then 'too_many'
  end`;
};

/** Whether grant `g` was used within the hour as often as its limit allows. */
export const isOverLimit = (at: RawBuilder<unknown>): RawBuilder<boolean> => sql<boolean>`
  (g.policy ? 'max_reads_per_hour' and (select count(*) from unnest(g.recent_reads) r
    where r > ${at}::timestamptz - interval '1 hour') >= (g.policy ->> 'max_reads_per_hour')::integer)`;
