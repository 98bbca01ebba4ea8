import { findCard } from "../../../plugin/node-cards.ts";
import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowEdge, WorkflowGraph, WorkflowNode } from "../../../plugin/workflow.ts";
import { kindWords } from "../../canvas/card-text.ts";
import { edgeType } from "../../create-node-types.tsx";
import type { Edge, Node } from "../xyflow.ts";
import { labelOf } from "./graph-edits.ts";

export type CanvasNode = Node<WorkflowNode["data"] & Record<string, unknown>>;
export type CanvasEdge = Edge;

/** Nodes that this catalogue does not know stay as they are, on a plain card. */
export const unknownNodeType = "unknown_node";

function toCanvasNode(node: WorkflowNode, live: CanvasNode | undefined): CanvasNode {
  if (live && live.data === node.data && live.position === node.position) return live;
  const contract = findCard(node.type);
  return {
    ...live,
    id: node.id,
    type: contract ? node.type : unknownNodeType,
    position: node.position,
    data: node.data,
    ariaLabel: `${labelOf(node)}, ${contract ? kindWords[contract.kind] : "unknown node"}`,
  };
}

const edgeWords = { tool: "Tool", llm: "Model", "": "Flow" } as const;

function toCanvasEdge(
  edge: WorkflowEdge,
  live: CanvasEdge | undefined,
  { nameOf, slug }: { nameOf: (id: string) => string; slug: string | undefined },
) {
  const whose = edge.label === "tool" && slug !== undefined ? `, as ${usernameOf(slug, edge.target)}` : "";
  const ariaLabel = `${edgeWords[edge.label]} edge from ${nameOf(edge.source)} to ${nameOf(edge.target)}${whose}`;
  if (live && live.ariaLabel === ariaLabel) return live;
  return { ...live, ...edge, type: edgeType, ariaLabel };
}

/**
 * What React Flow draws for a graph. Everything that did not change stays the same object, so that React
 * Flow keeps its measures and renders only what changed.
 */
export function toCanvas(
  graph: WorkflowGraph,
  live: {
    readonly nodes: readonly CanvasNode[];
    readonly edges: readonly CanvasEdge[];
    /** For the name of the identity that a tool edge carries. */
    readonly slug?: string;
  },
): { nodes: CanvasNode[]; edges: CanvasEdge[] } {
  const liveNodes = new Map(live.nodes.map((node) => [node.id, node]));
  const liveEdges = new Map(live.edges.map((edge) => [edge.id, edge]));
  const known = new Map(graph.nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => {
    const node = known.get(id);
    return node ? labelOf(node) : "a node that is gone";
  };
  // React Flow warns about edges without their handles; validateWorkflow reports them instead.
  const drawable = graph.edges.filter((edge) => hasHandle(edge, "source") && hasHandle(edge, "target"));
  function hasHandle(edge: WorkflowEdge, end: "source" | "target"): boolean {
    const handle = end === "source" ? edge.sourceHandle : edge.targetHandle;
    const contract = findCard(known.get(edge[end])?.type ?? "");
    return (
      contract?.handles.some((own) => own.type === end && (handle === null || own.id === handle)) ?? false
    );
  }
  return {
    nodes: graph.nodes.map((node) => toCanvasNode(node, liveNodes.get(node.id))),
    edges: drawable.map((edge) => toCanvasEdge(edge, liveEdges.get(edge.id), { nameOf, slug: live.slug })),
  };
}
