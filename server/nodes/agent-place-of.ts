import type { AgentPlace } from "../agent-users/agent-place.ts";
import { findParentAgent } from "../workflow/find-parent-agent.ts";
import type { ToolCall } from "../workflow/node-executor.ts";

/** Whose call this is: the agent at the far end of the tool edges. Every identity tool starts here. */
export function agentPlaceOf(call: ToolCall): AgentPlace {
  const agent = findParentAgent(call.workflow, call.nodeId, call.callerNodeId);
  return {
    workspaceId: call.workspaceId,
    host: call.host.name,
    hostInstance: call.host.instance,
    workflowId: call.workflow.id,
    agentNodeId: agent.id,
    ...(call.onlyIfCurrent ? { workflowVersion: call.workflow.version } : {}),
  };
}

/** What every audited deed of a tool call carries. */
export const traceOf = (call: ToolCall) => ({
  actor: call.actor,
  runId: call.runId,
  nodeId: call.nodeId,
  callId: call.callId,
});
