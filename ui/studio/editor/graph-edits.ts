import { findCard } from "../../../plugin/node-cards.ts";
import { type Connection, judgeConnection } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../plugin/workflow.ts";

/** Every change a person can make to a workflow, as a function from graph to graph. */

/** A point of the canvas. */
export interface XY {
  readonly x: number;
  readonly y: number;
}

const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Eight characters of base 36, each equally likely: bytes past the last whole multiple are skipped. */
export function randomPart(): string {
  let part = "";
  while (part.length < 8) {
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
      if (byte < 252 && part.length < 8) part += alphabet.charAt(byte % 36);
    }
  }
  return part;
}

export const newNodeId = (type: string): string => `${type}_${randomPart()}`;

const rounded = ({ x, y }: XY): XY => ({ x: Math.round(x), y: Math.round(y) });

export const addNode = (graph: WorkflowGraph, node: { id: string; type: string; position: XY }) => ({
  nodes: [
    ...graph.nodes,
    {
      id: node.id,
      type: node.type,
      position: rounded(node.position),
      data: { config: findCard(node.type)?.initialConfig ?? {} },
    },
  ],
  edges: graph.edges,
});

/** The graph with the new edge, or the reason why there cannot be one. */
export function connect(
  graph: WorkflowGraph,
  connection: Connection,
  id = `edge_${randomPart()}`,
): { graph: WorkflowGraph } | { reason: string } {
  const verdict = judgeConnection(graph, connection);
  if (!verdict.allowed) return { reason: verdict.reason };
  const { source, target, sourceHandle = null, targetHandle = null } = connection;
  const edge = { id, source, target, sourceHandle, targetHandle, label: verdict.label };
  return { graph: { nodes: graph.nodes, edges: [...graph.edges, edge] } };
}

/** Removes nodes with all their edges, and edges. */
export function removeParts(
  graph: WorkflowGraph,
  parts: { nodes: ReadonlySet<string>; edges: ReadonlySet<string> },
): WorkflowGraph {
  return {
    nodes: graph.nodes.filter((node) => !parts.nodes.has(node.id)),
    edges: graph.edges.filter(
      (edge) => !parts.edges.has(edge.id) && !parts.nodes.has(edge.source) && !parts.nodes.has(edge.target),
    ),
  };
}

/** The same graph, by identity, when nothing has moved. */
export function moveNodes(graph: WorkflowGraph, positions: ReadonlyMap<string, XY>): WorkflowGraph {
  let moved = false;
  const nodes = graph.nodes.map((node) => {
    const wanted = positions.get(node.id);
    if (!wanted) return node;
    const position = rounded(wanted);
    if (position.x === node.position.x && position.y === node.position.y) return node;
    moved = true;
    return { ...node, position };
  });
  return moved ? { nodes, edges: graph.edges } : graph;
}

const changeNode = (
  graph: WorkflowGraph,
  id: string,
  change: (node: WorkflowNode) => WorkflowNode,
): WorkflowGraph => ({
  nodes: graph.nodes.map((node) => (node.id === id ? change(node) : node)),
  edges: graph.edges,
});

export const setConfig = (graph: WorkflowGraph, id: string, config: WorkflowNode["data"]["config"]) =>
  changeNode(graph, id, (node) => ({ ...node, data: { ...node.data, config } }));

/** An empty label means the palette's. */
export const setLabel = (graph: WorkflowGraph, id: string, label: string) =>
  changeNode(graph, id, ({ data: { label: _, ...data }, ...node }) => ({
    ...node,
    data: label.trim() === "" ? data : { ...data, label },
  }));

export const labelOf = (node: Pick<WorkflowNode, "type" | "data">): string =>
  node.data.label ?? findCard(node.type)?.palette.label ?? node.type;

/** Moves an end of an edge to another handle. It is judged without the edge itself, so the edge may go back to its old handle. */
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
