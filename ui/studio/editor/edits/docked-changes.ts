import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import type { NodeChange } from "../../xyflow.ts";
import type { CanvasNode } from "../to-flow.ts";
import { withDockedParts } from "./dock.ts";

/** What React Flow moved, and what is docked to it. `graph` is the canvas as it was before the movement began. */
export function withDockedChanges(
  graph: WorkflowGraph,
  changes: readonly NodeChange<CanvasNode>[],
): NodeChange<CanvasNode>[] {
  const moves = changes.flatMap((change) => (change.type === "position" && change.position ? [change] : []));
  if (moves.length === 0) return [...changes];
  const asked = new Map(moves.map(({ id, position }) => [id, position ?? { x: 0, y: 0 }]));
  const dragging = moves.at(-1)?.dragging;
  const along = [...withDockedParts(graph, asked)].filter(([id]) => !asked.has(id));
  return [
    ...changes,
    ...along.map(([id, position]) => ({ id, type: "position" as const, position, dragging })),
  ];
}
