import type { HandleContract } from "../../../plugin/handles.ts";
import type { NodeCard } from "../../../plugin/node-card.ts";
import { findCard, nodeCards } from "../../../plugin/node-cards.ts";
import { judgeConnection } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";

/** The handle a new node is to be wired to. */
export interface WireStart {
  readonly nodeId: string;
  readonly handleId: string;
}

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

export interface AddRequest {
  /** Where in the window it was asked for; absent means the middle of the view. */
  readonly at?: { readonly x: number; readonly y: number };
  readonly from?: WireStart;
  /** Whether the wire was dropped at `at`, so that the node belongs exactly there. */
  readonly dropped?: true;
  /** The flow edge to be divided. */
  readonly edgeId?: string;
}

/** What may be added where it was asked for, in palette order. */
export function fittingCards(graph: WorkflowGraph, { from, edgeId }: AddRequest): readonly NodeCard[] {
  if (edgeId !== undefined) return nodeCards.filter(takesFlow);
  return from ? nodeCards.filter((card) => fittingHandle(graph, from, card) !== undefined) : nodeCards;
}
