import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";
import { defaultTotp } from "../totp/totp.ts";
import { type AgentPlace, isAt } from "./agent-place.ts";

export interface NamedAgent {
  readonly agentNodeId: string;
  readonly username: string;
}

export interface FoundIdentity extends NamedAgent {
  /** The account at this place; null where it was never made. */
  readonly accountId: string | null;
  readonly state: "none" | "active" | "disabled" | "locked" | "clash";
  readonly digits: number;
  readonly period: number;
  readonly lastUsedAt: Date | null;
}

/** The agents of one workflow and what has become of their accounts, in the order they were named. */
export const findIdentities =
  ({ db }: { db: Kysely<Tables> }) =>
  async (
    where: Omit<AgentPlace, "agentNodeId" | "workflowVersion"> & {
      readonly agents: readonly NamedAgent[];
      readonly now: Date;
    },
  ): Promise<FoundIdentity[]> => {
    if (where.agents.length === 0) return [];
    const nodeIds = where.agents.map((agent) => agent.agentNodeId);
    const usernames = where.agents.map((agent) => agent.username);
    // The conditions on `action` and `result` are those of the index, word for word.
    const { rows } = await sql<FoundIdentity>`
      select a.node_id as "agentNodeId", a.username, u.id as "accountId",
        case
          when u.disabled_at is not null then 'disabled'
          when u.locked_until > ${where.now} then 'locked'
          when u.id is not null then 'active'
          when exists (select from agent_user o where o.workspace_id = ${where.workspaceId} and o.username = a.username) then 'clash'
          else 'none'
        end as state,
        coalesce(u.digits, ${sql.lit(defaultTotp.digits)}) as digits,
        coalesce(u.period, ${sql.lit(defaultTotp.period)}) as period,
        (select max(e.at) from audit_event e
          where e.workspace_id = u.workspace_id and e.subject_id = u.username
            and e.result = 'ok' and e.action in ('code.read', 'code.verified')) as "lastUsedAt"
      from unnest(${nodeIds}::text[], ${usernames}::text[]) with ordinality as a (node_id, username, place)
      left join agent_user u on ${isAt("u", { ...where, agentNodeId: sql.ref("a.node_id") })}
      order by a.place`.execute(db);
    return rows;
  };

export interface Grantee {
  readonly accountId: string;
  readonly username: string;
  readonly host: string;
  readonly workflowId: string;
  readonly agentNodeId: string;
}

/** The active agent users, of whichever builder, that were granted the codes of these accounts. */
export const findGrantees =
  ({ db }: { db: Kysely<Tables> }) =>
  (where: { readonly workspaceId: string; readonly accountIds: readonly string[] }): Promise<Grantee[]> =>
    db
      .selectFrom("agent_user_grant as g")
      .innerJoin("agent_user as r", "r.id", "g.reader_id")
      .select([
        "g.agent_user_id as accountId",
        "r.username",
        "r.host",
        "r.workflow_id as workflowId",
        "r.agent_node_id as agentNodeId",
      ])
      .where("g.workspace_id", "=", where.workspaceId)
      .where(sql<boolean>`g.agent_user_id = any(${[...where.accountIds]}::uuid[])`)
      .where("r.disabled_at", "is", null)
      .orderBy("r.username")
      .execute();
