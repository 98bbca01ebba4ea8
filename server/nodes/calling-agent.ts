import type { Scope } from "../../plugin/api/scopes.ts";
import {
  type AgentNodeCaller,
  type AgentUserCaller,
  agentNodeCaller,
  agentUserOfNode,
} from "../access/caller.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import { findParentAgent } from "../workflow/agent-tools.ts";
import type { ToolCall } from "../workflow/node-executor.ts";

/** The agent that a call works for: the agent at the far end of the tool edges. Every identity tool starts here. */
export function agentOf(call: ToolCall): AgentNodeCaller {
  const { caller, workflow, host, nodeId } = call;
  const agent = findParentAgent(workflow, nodeId, call.callerNodeId);
  return agentNodeCaller({
    workspaceId: caller.workspaceId,
    location: {
      host: host.name,
      hostInstance: host.instance,
      workflowId: workflow.id,
      agentNodeId: agent.id,
      workflowVersion: call.onlyIfCurrent ? workflow.version : undefined,
    },
    actor: caller.actor,
    trace: { runId: caller.trace?.runId, nodeId, callId: caller.trace?.callId },
  });
}

/** The same agent by its account, as rooms know it that own things for accounts. */
export async function agentUserOf(
  { agentUsers }: { readonly agentUsers: Pick<AgentUsers, "describe"> },
  call: ToolCall,
): Promise<AgentUserCaller> {
  const agent = agentOf(call);
  const { id, username, scopes } = await agentUsers.describe(agent);
  return agentUserOfNode(agent, { id, username, scopes: scopes as readonly Scope[] });
}
