import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentNodeCaller } from "../access/caller.ts";
import { accountState } from "../database/is-live.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { defaultTotp } from "../totp/totp.ts";
import { type AccountLocation, isAt, locationOf } from "./agent-account.ts";

/** The account of the agent at this location, for the agent itself. */
export async function describeAgent({ db }: { readonly db: Kysely<Tables> }, caller: AgentNodeCaller) {
  const row = await db
    .selectFrom("agent_user as u")
    .select(["u.id", "u.username", "u.purpose", "u.host", "u.scopes", "u.created_at", "u.disabled_at"])
    .select(
      sql<
        string[]
      >`array(select o.username from agent_user_grant g join agent_user o on o.id = g.agent_user_id
          where g.reader_id = u.id order by o.username)`.as("may_read_codes_of"),
    )
    .where(isAt("u", locationOf(caller)))
    .executeTakeFirst();
  if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
  if (row.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
  return withIsoTimes(row);
}

export interface NamedAgent {
  readonly agentNodeId: string;
  readonly username: string;
}

export interface WorkflowAgents extends Omit<AccountLocation, "agentNodeId" | "workflowVersion"> {
  readonly agents: readonly NamedAgent[];
  readonly now: Date;
}

export interface FoundIdentity {
  readonly agent_node_id: string;
  readonly username: string;
  /** The account at this location; null where none was created. */
  readonly account_id: string | null;
  readonly state: "none" | "active" | "disabled" | "locked" | "clash";
  readonly digits: number;
  readonly period: number;
  readonly last_used_at: string | null;
}

/** The agents of one workflow and the state of their accounts, in the order they were named. */
export async function findIdentities(
  { db }: { readonly db: Kysely<Tables> },
  where: WorkflowAgents,
): Promise<FoundIdentity[]> {
  if (where.agents.length === 0) return [];
  const nodeIds = where.agents.map((agent) => agent.agentNodeId);
  const usernames = where.agents.map((agent) => agent.username);
  // The conditions on `action` and `result` are those of the index, word for word.
  const { rows } = await sql<Omit<FoundIdentity, "last_used_at"> & { last_used_at: Date | null }>`
    select a.node_id as agent_node_id, a.username, u.id as account_id,
      case
        when u.id is not null then ${accountState("u", where.now)}
        when exists (select from agent_user o where o.workspace_id = ${where.workspaceId} and o.username = a.username) then 'clash'
        else 'none'
      end as state,
      coalesce(u.digits, ${sql.lit(defaultTotp.digits)}) as digits,
      coalesce(u.period, ${sql.lit(defaultTotp.period)}) as period,
      (select max(e.at) from audit_event e
        where e.workspace_id = u.workspace_id and e.subject_id = u.username
          and e.result = 'ok' and e.action in ('code.read', 'code.verified')) as last_used_at
    from unnest(${nodeIds}::text[], ${usernames}::text[]) with ordinality as a (node_id, username, number)
    left join agent_user u on ${isAt("u", { ...where, agentNodeId: sql.ref("a.node_id") })}
    order by a.number`.execute(db);
  return rows.map(withIsoTimes);
}

/** The active agent users, of any builder, that were granted the codes of these accounts. */
export const findGrantees = (
  { db }: { readonly db: Kysely<Tables> },
  where: { readonly workspaceId: string; readonly accountIds: readonly string[] },
) =>
  db
    .selectFrom("agent_user_grant as g")
    .innerJoin("agent_user as r", "r.id", "g.reader_id")
    .select(["g.agent_user_id as account_id", "r.username", "r.host", "r.workflow_id", "r.agent_node_id"])
    .where("g.workspace_id", "=", where.workspaceId)
    .where(sql<boolean>`g.agent_user_id = any(${[...where.accountIds]}::uuid[])`)
    .where("r.disabled_at", "is", null)
    .orderBy("r.username")
    .execute();
export type Grantee = Awaited<ReturnType<typeof findGrantees>>[number];
