import { type AgentLocation, type AgentNodeCaller, agentNodeCaller } from "../access/caller.ts";
import type { AgentPlace } from "../agent-users/agent-place.ts";
import { findParentAgent } from "../workflow/agent-tools.ts";
import type { ToolCall } from "../workflow/node-executor.ts";

/** Whose call this is: the agent at the far end of the tool edges. Every identity tool starts here. */
export const agentPlaceOf = (call: ToolCall): AgentPlace => ({
  workspaceId: call.workspaceId,
  ...locationOf(call),
});

/** The agent whose tool this is, as a caller. */
export const agentCallerOf = (call: ToolCall): AgentNodeCaller =>
  agentNodeCaller({
    workspaceId: call.workspaceId,
    location: locationOf(call),
    actor: call.actor,
    trace: { runId: call.runId, nodeId: call.nodeId, callId: call.callId },
  });

function locationOf(call: ToolCall): AgentLocation {
  const agent = findParentAgent(call.workflow, call.nodeId, call.callerNodeId);
  return {
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
