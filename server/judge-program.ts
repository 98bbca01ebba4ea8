import { type Kysely, sql } from "kysely";
import { type ReachRule, readReach } from "../plugin/may-reach.ts";
import { PluginError } from "../plugin/plugin-error.ts";
import { type AgentUserCaller, studioHostName } from "./access/caller.ts";
import type { Tables } from "./database/tables.ts";
import { workflowIs } from "./database/workflow-is.ts";
import type { JudgeDestination } from "./egress/open-request.ts";
import type { Reach } from "./reach/reach.ts";

interface JudgeParts {
  readonly db: Kysely<Tables>;
  readonly reach: Reach;
}

type Asked = Parameters<JudgeDestination>[0];

/** What an agent's builder says on the agent node holds for its programs too: in the version that is current. */
export async function judgeProgram(
  { db, reach }: JudgeParts,
  caller: AgentUserCaller,
  { method, destination }: Asked,
): Promise<void> {
  const rules = await rulesOf(db, caller);
  // In a connection that is passed through, nobody sees methods: it is opened, and each request is judged.
  if (destination.url === undefined && rules.length > 0) throw new PluginError("ADDRESS_REFUSED");
  if (destination.url) await reach.judge(caller, { rules, method, url: destination.url });
}

/** Where this agent may send requests. Another builder's canvas says nothing about it. */
async function rulesOf(
  db: Kysely<Tables>,
  { workspaceId, location: { host, workflowId, agentNodeId } }: AgentUserCaller,
): Promise<readonly ReachRule[]> {
  if (host !== studioHostName) return [];
  const { rows } = await sql<{ may_reach: unknown }>`
    select n.node #> '{data,config,may_reach}' as may_reach
    from workflow w join workflow_version v on v.workflow_id = w.id and v.version = w.version,
      jsonb_array_elements(v.nodes) n (node)
    where ${workflowIs("w", sql`${workflowId}`)} and w.workspace_id = ${workspaceId}::uuid and w.deleted_at is null
      and n.node ->> 'id' = ${agentNodeId}`.execute(db);
  const [row] = rows;
  if (!row) throw new PluginError("REACH_REFUSED", { message: gone });
  const setting = row.may_reach ?? "";
  const rules = typeof setting === "string" ? readReach(setting) : "unreadable";
  if (typeof rules === "string") throw new PluginError("REACH_REFUSED");
  return rules;
}

const gone =
  "This agent is on no canvas any more, so nothing says where it may send requests. Its builder can put its node back.";
