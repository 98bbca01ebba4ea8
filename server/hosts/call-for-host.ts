import type { HostCall } from "../../plugin/api/host-calls.ts";
import { hostedTools } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { Caller } from "../access/caller.ts";
import type { ToolExecutors } from "../workflow/node-executor.ts";
import { callTool } from "../workflow/node-executor.ts";
import { minRemaining } from "../workflow/run-tool.ts";
import type { HostWorkflows } from "./host-workflows.ts";

export interface HostCallParts {
  readonly executors: ToolExecutors;
  readonly hostWorkflows: Pick<HostWorkflows, "findSlug" | "claimSlug">;
}

interface CallOptions {
  /** A key bound to the call's installation, or the program that embeds this server. Checked before. */
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Called when the tool begins to wait. */
  readonly onWaiting?: () => void;
}

/** Calls one hosted tool for the agent that its builder names. Answers with the tool's own JSON. Throws PluginError. */
export async function callForHost(
  { executors, hostWorkflows }: HostCallParts,
  call: HostCall,
  { caller, signal, onWaiting }: CallOptions,
): Promise<Record<string, unknown>> {
  const workflow = {
    workspaceId: caller.workspaceId,
    host: call.host,
    hostInstance: call.host_instance,
    workflowId: call.workflow_id,
    name: call.workflow_name,
  };
  const slug = await hostWorkflows.findSlug(workflow);
  return callTool(
    executors,
    {
      ...graphOfCall(call, slug ?? ""),
      caller,
      host: { name: call.host, instance: call.host_instance },
      callerNodeId: call.agent_node_id,
      claimSlug: (trx) => hostWorkflows.claimSlug(trx, workflow),
      minRemaining,
      signal,
      onWaiting,
    },
    call.arguments,
  );
}

/**
 * A builder's call as the graph that every executor reads: one agent, one tool, one edge. The builder has followed
 * its own wires, and the caller was authenticated as that builder.
 */
function graphOfCall(call: HostCall, slug: string): { workflow: Workflow; nodeId: string } {
  if (!hostedTools.some(({ type }) => type === call.tool)) throw new PluginError("TOOL_UNKNOWN");
  // No agent has this id: an agent's id holds no slash.
  const nodeId = `${call.agent_node_id}/${call.tool}`;
  const position = { x: 0, y: 0 };
  const workflow: Workflow = {
    id: call.workflow_id,
    slug,
    name: call.workflow_name,
    version: 1,
    nodes: [
      { id: call.agent_node_id, type: "agent", position, data: { label: call.agent_node_name, config: {} } },
      {
        id: nodeId,
        type: call.tool,
        position,
        data: { config: call.config as Workflow["nodes"][0]["data"]["config"] },
      },
    ],
    edges: [
      {
        id: "tool",
        source: nodeId,
        target: call.agent_node_id,
        sourceHandle: "sub-source",
        targetHandle: "tools",
        label: "tool",
      },
    ],
  };
  return { workflow, nodeId };
}
