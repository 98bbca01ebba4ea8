import type { Connection } from "../../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import { connect, removeParts } from "../graph-edits.ts";

/** Moves an end of an edge to another handle. Judged as if the edge were not there: it may take its own place again. */
export function reconnect(
  graph: WorkflowGraph,
  edgeId: string,
  connection: Connection,
): { graph: WorkflowGraph } | { reason: string } {
  const old = graph.edges.find(({ id }) => id === edgeId);
  if (!old) return { reason: "This edge is no longer there." };
  const same = (["source", "target", "sourceHandle", "targetHandle"] as const).every(
    (end) => (old[end] ?? null) === (connection[end] ?? null),
  );
  if (same) return { graph };
  return connect(removeParts(graph, { nodes: new Set(), edges: new Set([edgeId]) }), connection, edgeId);
}
