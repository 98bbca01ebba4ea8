import { findCard } from "../../../../plugin/node-cards.ts";
import type { Connection } from "../../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import type { HandleRef } from "../../../canvas/card-actions.tsx";
import { addNode, connect, type XY } from "../graph-edits.ts";
import { dockConnection, findDock, freeDock } from "./dock.ts";

interface NewNode {
  readonly id: string;
  readonly type: string;
}

/** The wire between a handle and the first handle of the new node that fits it. */
export function fittingConnection(
  graph: WorkflowGraph,
  node: NewNode,
  from: HandleRef,
): Connection | undefined {
  const other = graph.nodes.find(({ id }) => id === from.nodeId);
  const start = findCard(other?.type ?? "")?.handles.find(({ id }) => id === from.handleId);
  const end = findCard(node.type)?.handles.find(
    ({ type, edgeLabel }) => start && type !== start.type && edgeLabel === start.edgeLabel,
  );
  if (!start || !end) return undefined;
  const [source, target] =
    start.type === "source"
      ? [
          { id: from.nodeId, handle: start.id },
          { id: node.id, handle: end.id },
        ]
      : [
          { id: node.id, handle: end.id },
          { id: from.nodeId, handle: start.id },
        ];
  return { source: source.id, sourceHandle: source.handle, target: target.id, targetHandle: target.handle };
}

/** A new node, wired to a handle. Without a position, a part docks. */
export function addConnected(
  graph: WorkflowGraph,
  { position, ...node }: NewNode & { readonly position?: XY | undefined },
  from: HandleRef,
): WorkflowGraph | undefined {
  const wire = fittingConnection(graph, node, from);
  if (!wire) return undefined;
  const dock =
    position === undefined
      ? freeDock(graph, from.nodeId)
      : findDock(graph, { type: node.type }, position)?.position;
  const added = addNode(graph, { ...node, position: dock ?? position ?? { x: 0, y: 0 } });
  const made = connect(added, wire);
  return "graph" in made ? made.graph : undefined;
}

/** A new node where it was dropped; a part that was dropped on or near an agent is wired to it and docks. */
export function addDropped(graph: WorkflowGraph, node: NewNode, position: XY): WorkflowGraph {
  const dock = findDock(graph, { type: node.type }, position);
  const added = addNode(graph, { ...node, position: dock?.position ?? position });
  const wire = dock && dockConnection(node, dock.agentId);
  const made = wire && connect(added, wire);
  return made && "graph" in made ? made.graph : added;
}

/** A part that was moved: wired to the agent that it was dropped near, and put on a dock below it. */
export function dockMoved(graph: WorkflowGraph, nodeId: string): WorkflowGraph {
  const node = graph.nodes.find(({ id }) => id === nodeId);
  const dock = node && findDock(graph, node, node.position);
  if (!node || !dock) return graph;
  const moved = {
    nodes: graph.nodes.map((each) => (each.id === nodeId ? { ...each, position: dock.position } : each)),
    edges: graph.edges,
  };
  const wire = dockConnection(node, dock.agentId);
  const made = wire && connect(moved, wire);
  // It is wired already: then only its position is new.
  return made && "graph" in made ? made.graph : moved;
}
