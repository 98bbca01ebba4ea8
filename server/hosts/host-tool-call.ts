import type { HostCall } from "../../plugin/api/host-calls.ts";
import { hostedTools } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow } from "../../plugin/workflow.ts";

/**
 * What a builder says of one call, as the graph that every executor reads: one agent, one tool, one edge. The
 * builder has followed its own wires; whoever sent the call was authenticated as that builder.
 */
export function graphOfCall(call: HostCall, slug: string): { workflow: Workflow; nodeId: string } {
  if (!hostedTools.some(({ type }) => type === call.tool)) throw new PluginError("TOOL_UNKNOWN");
  // No agent has this id: theirs hold no slash.
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
