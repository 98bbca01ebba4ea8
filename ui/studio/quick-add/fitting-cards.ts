import type { HandleContract } from "../../../plugin/handles.ts";
import type { NodeCard } from "../../../plugin/node-card.ts";
import { findCard, nodeCards } from "../../../plugin/node-cards.ts";
import { judgeConnection } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { HandleRef } from "../../canvas/card-actions.tsx";
import type { AddRequest } from "../editor/overlay.ts";

const newcomer = "newcomer";

/** The handle by which a card can be wired to `from`, by the rule for connections. */
export function fittingHandle(
  graph: WorkflowGraph,
  from: HandleRef,
  card: NodeCard,
): HandleContract | undefined {
  const node = graph.nodes.find(({ id }) => id === from.nodeId);
  const start = findCard(node?.type ?? "")?.handles.find(({ id }) => id === from.handleId);
  if (!start) return undefined;
  const own = { id: newcomer, type: card.type, position: { x: 0, y: 0 }, data: { config: {} } };
  const withIt = { nodes: [...graph.nodes, own], edges: graph.edges };
  return card.handles.find((handle) => {
    if (handle.type === start.type) return false;
    const ends =
      start.type === "source"
        ? { source: from.nodeId, sourceHandle: from.handleId, target: newcomer, targetHandle: handle.id }
        : { source: newcomer, sourceHandle: handle.id, target: from.nodeId, targetHandle: from.handleId };
    return judgeConnection(withIt, ends).allowed;
  });
}

const takesFlow = ({ handles }: NodeCard): boolean =>
  (["source", "target"] as const).every((type) =>
    handles.some((handle) => handle.type === type && handle.edgeLabel === ""),
  );

/** The nodes that can be added for this request, in palette order. */
export function fittingCards(graph: WorkflowGraph, { from, edgeId }: AddRequest): readonly NodeCard[] {
  if (edgeId !== undefined) return nodeCards.filter(takesFlow);
  return from ? nodeCards.filter((card) => fittingHandle(graph, from, card) !== undefined) : nodeCards;
}
