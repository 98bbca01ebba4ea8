import type { WorkflowWarning } from "./api/workflows.ts";
import { isScripted } from "./scripted-model.ts";
import { isModelEdge, isToolEdge } from "./tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "./workflow.ts";

/**
 * What a workflow does that its owner should know of. It runs all the same.
 *
 * @example workflowWarnings(graph) // [{ code: "SECRET_SHOWN", message: "The model and its provider read this code. …" }]
 */
export function workflowWarnings(graph: WorkflowGraph): WorkflowWarning[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const modelOf = new Map(
    graph.edges.filter(isModelEdge).map(({ source, target }) => [target, byId.get(source)]),
  );
  const agentsOf = (tool: WorkflowNode) =>
    graph.edges.filter((edge) => isToolEdge(edge) && edge.source === tool.id).map(({ target }) => target);
  return graph.nodes.flatMap((node): WorkflowWarning[] => {
    if (node.data.config.reveal !== "value") return [];
    const agents = agentsOf(node);
    // A key stays good after the run, and its workflow may get another model.
    const isKey = node.type === "create_agent_user";
    const isRead = isKey
      ? agents.length > 0
      : agents.some((id) => {
          const model = modelOf.get(id);
          return model !== undefined && !isScripted(model.data.config);
        });
    if (!isRead) return [];
    const what = isKey ? "key" : "code";
    return [
      {
        code: "SECRET_SHOWN",
        message: `The model and its provider read this ${what}. Set "The model gets" to ${isKey ? "handle" : "auto"}.`,
        node_id: node.id,
      },
    ];
  });
}
