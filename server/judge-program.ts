import { type Kysely, sql } from "kysely";
import { readReach } from "../plugin/may-reach.ts";
import { PluginError } from "../plugin/plugin-error.ts";
import type { AgentUserCaller } from "./access/caller.ts";
import type { Tables } from "./database/tables.ts";
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
  const { workflowId, agentNodeId } = caller.location;
  const { rows } = await sql<{ may_reach: unknown }>`
    select n.node #> '{data,config,may_reach}' as may_reach
    from workflow w join workflow_version v on v.workflow_id = w.id and v.version = w.version,
      jsonb_array_elements(v.nodes) n (node)
    where w.id::text = ${workflowId} and w.workspace_id = ${caller.workspaceId}::uuid and n.node ->> 'id' = ${agentNodeId}`.execute(
    db,
  );
  const setting = rows[0]?.may_reach ?? "";
  const rules = typeof setting === "string" ? readReach(setting) : "unreadable";
  if (typeof rules === "string") throw new PluginError("REACH_REFUSED");
  // In a connection that is passed through, nobody sees methods: it is opened, and each request is judged.
  if (destination.url === undefined && rules.length > 0) throw new PluginError("ADDRESS_REFUSED");
  if (destination.url) await reach.judge(caller, { rules, method, url: destination.url });
}
