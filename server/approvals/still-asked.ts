import { type RawBuilder, sql } from "kysely";

/**
 * Whether question `a` still has a reason: its run is under way, and its entry, grant or agent user asks. The sweep
 * withdraws the others, and no answer to them counts.
 */
export const isStillAsked: RawBuilder<boolean> = sql<boolean>`(
  (a.run_id is null or exists (select from workflow_run r
    where r.id = a.run_id and r.status in ('queued', 'running', 'waiting')))
  and (exists (select from vault_entry e where e.id = a.subject_id and e.ask is not null)
    or exists (select from vault_grant g where g.id = a.grant_id and g.policy ->> 'decision' = 'approve')
    or exists (select from agent_user u where u.id = a.subject_id and u.ask is not null and u.disabled_at is null)))`;
