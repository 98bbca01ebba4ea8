import type { WorkflowGraph, WorkflowNode } from "../../../../plugin/workflow.ts";
import { newNodeId, randomPart, type XY } from "../graph-edits.ts";

/** These nodes and the edges between them. Edges to other nodes are not part of it. */
export function partOf(graph: WorkflowGraph, ids: ReadonlySet<string>): WorkflowGraph {
  return {
    nodes: graph.nodes.filter(({ id }) => ids.has(id)),
    edges: graph.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
  };
}

/** The same parts with new ids. An identity belongs to its node's id, so it is never copied. */
export function withNewIds(part: WorkflowGraph): WorkflowGraph {
  const ids = new Map(part.nodes.map(({ id, type }) => [id, newNodeId(type)]));
  return {
    nodes: part.nodes.map((node) => ({ ...node, id: ids.get(node.id) ?? node.id })),
    edges: part.edges.flatMap((edge) => {
      const [source, target] = [ids.get(edge.source), ids.get(edge.target)];
      return source && target ? [{ ...edge, id: `edge_${randomPart()}`, source, target }] : [];
    }),
  };
}

const shifted = (nodes: readonly WorkflowNode[], by: XY): WorkflowNode[] =>
  nodes.map((node) => ({
    ...node,
    position: { x: Math.round(node.position.x + by.x), y: Math.round(node.position.y + by.y) },
  }));

export const cornerOf = (nodes: readonly WorkflowNode[]): XY => ({
  x: Math.min(...nodes.map(({ position }) => position.x)),
  y: Math.min(...nodes.map(({ position }) => position.y)),
});

/** Adds parts with new ids: with their corner at `at`, or beside the originals; never exactly on another node. */
export function addCopies(
  graph: WorkflowGraph,
  part: WorkflowGraph,
  at?: XY,
): { graph: WorkflowGraph; ids: string[] } {
  const copies = withNewIds(part);
  if (copies.nodes.length === 0) return { graph, ids: [] };
  const corner = cornerOf(copies.nodes);
  const taken = new Set(graph.nodes.map(({ position }) => `${position.x} ${position.y}`));
  let by = at ? { x: at.x - corner.x, y: at.y - corner.y } : { x: 20, y: 20 };
  let nodes = shifted(copies.nodes, by);
  while (nodes.some(({ position }) => taken.has(`${position.x} ${position.y}`))) {
    by = { x: by.x + 20, y: by.y + 20 };
    nodes = shifted(copies.nodes, by);
  }
  return {
    graph: { nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...copies.edges] },
    ids: nodes.map(({ id }) => id),
  };
}
