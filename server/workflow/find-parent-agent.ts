import { findContract } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { isToolEdge } from "../../plugin/tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "../../plugin/workflow.ts";

/**
 * The agent a tool works for: the caller, if the tool is wired to it; the only one, if nobody is
 * calling. Who is asking follows from the edges and the runner, never from a model's words.
 */
export function findParentAgent(
  graph: WorkflowGraph,
  toolNodeId: string,
  callerNodeId?: string,
): WorkflowNode {
  const targets = new Set(
    graph.edges.filter((edge) => isToolEdge(edge) && edge.source === toolNodeId).map((edge) => edge.target),
  );
  const agents = graph.nodes.filter(
    (node) => targets.has(node.id) && findContract(node.type)?.kind === "agent",
  );
  const [only, ...others] = agents;
  if (!only) throw new PluginError("AGENT_NOT_CONNECTED");
  if (callerNodeId !== undefined) {
    const caller = agents.find((node) => node.id === callerNodeId);
    if (!caller)
      throw new PluginError("AGENT_NOT_CONNECTED", {
        message: "Connect this tool to the agent that is calling it.",
      });
    return caller;
  }
  if (others.length > 0) {
    const names = agents.map((node) => node.id);
    throw new PluginError("AGENT_AMBIGUOUS", {
      message: `Several agents use this tool: ${names.join(", ")}. Say which one is calling.`,
      details: { agents: names },
    });
  }
  return only;
}
