import type { HandleContract } from "../../../plugin/handles.ts";
import type { NodeCard } from "../../../plugin/node-card.ts";
import { findCard, nodeCards } from "../../../plugin/node-cards.ts";
import { judgeConnection } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { AddRequest, WireStart } from "../editor/open-tool.ts";

const newcomer = "newcomer";

/** The handle by which a card could be wired to `from`, if any: the canvas's own rule decides. */
export function fittingHandle(
  graph: WorkflowGraph,
  from: WireStart,
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

/** What may be added where it was asked for, in palette order. */
export function fittingCards(graph: WorkflowGraph, { from, edgeId }: AddRequest): readonly NodeCard[] {
  if (edgeId !== undefined) return nodeCards.filter(takesFlow);
  return from ? nodeCards.filter((card) => fittingHandle(graph, from, card) !== undefined) : nodeCards;
}
