import type { EdgeLabel, HandleContract } from "./handles.ts";
import { findCard } from "./node-cards.ts";
import type { WorkflowEdge, WorkflowGraph, WorkflowNode } from "./workflow.ts";

/** Whether an edge leads from a tool (`source`) to an agent (`target`). */
export const isToolEdge = (edge: Pick<WorkflowEdge, "label">): boolean => edge.label === "tool";
/** Whether an edge leads from a model (`source`) to an agent (`target`). */
export const isModelEdge = (edge: Pick<WorkflowEdge, "label">): boolean => edge.label === "llm";
/** Whether data flows along an edge. */
export const isFlowEdge = (edge: Pick<WorkflowEdge, "label">): boolean => edge.label === "";

/** A connection as React Flow gives it while a person drags it. */
export interface Connection {
  readonly source: string;
  readonly target: string;
  readonly sourceHandle?: string | null;
  readonly targetHandle?: string | null;
}

export type ConnectionVerdict =
  | { readonly allowed: true; readonly label: EdgeLabel }
  | { readonly allowed: false; readonly reason: string };

const refuse = (reason: string): ConnectionVerdict => ({ allowed: false, reason });

/** A node's handle by its id. An edge that was saved without handle ids means the handle with its label. */
function findHandle(
  node: Pick<WorkflowNode, "type">,
  { type, id, label }: { type: HandleContract["type"]; id: string | null | undefined; label: EdgeLabel },
): HandleContract | undefined {
  return findCard(node.type)?.handles.find(
    (handle) => handle.type === type && (id ? handle.id === id : handle.edgeLabel === label),
  );
}

/** Whether the two handles fit. The rest of the canvas is not looked at. */
export function judgeHandles(
  source: Pick<WorkflowNode, "id" | "type">,
  target: Pick<WorkflowNode, "id" | "type">,
  connection: Connection & { readonly label?: EdgeLabel },
): ConnectionVerdict {
  if (source.id === target.id) return refuse("A node cannot be connected to itself.");
  const { sourceHandle, targetHandle, label = "" } = connection;
  const from = findHandle(source, { type: "source", id: sourceHandle, label });
  const to = findHandle(target, { type: "target", id: targetHandle, label });
  if (!from) return refuse("Nothing can start from this handle.");
  if (!to)
    return refuse(
      from.edgeLabel === "" ? "Nothing can end at this handle." : whyDifferent(from.edgeLabel, ""),
    );
  return from.edgeLabel === to.edgeLabel
    ? { allowed: true, label: from.edgeLabel }
    : refuse(whyDifferent(from.edgeLabel, to.edgeLabel));
}

function whyDifferent(from: EdgeLabel, to: EdgeLabel): string {
  if (from === "tool") return "A tool goes to an agent's Tools diamond.";
  if (from === "llm") return "A model goes to an agent's Model diamond.";
  return to === "tool"
    ? "Only tools go to the Tools diamond."
    : "Only an AI Model goes to the Model diamond.";
}

/**
 * Whether a new edge is allowed, and if not, why. The canvas asks while a person drags a wire; the server's check before
 * a run refuses the same connections. It never throws.
 *
 * @example
 * judgeConnection(graph, { source: "code", sourceHandle: "sub-source", target: "agent", targetHandle: "tools" })
 * // { allowed: true, label: "tool" } or { allowed: false, reason: "These two are already connected." }
 */
export function judgeConnection(graph: WorkflowGraph, connection: Connection): ConnectionVerdict {
  const source = graph.nodes.find((node) => node.id === connection.source);
  const target = graph.nodes.find((node) => node.id === connection.target);
  if (!source || !target) return refuse("One end of this edge is not on the canvas.");
  const verdict = judgeHandles(source, target, connection);
  if (!verdict.allowed) return verdict;

  const alike = graph.edges.filter((edge) => edge.target === target.id && edge.label === verdict.label);
  if (alike.some((edge) => edge.source === source.id)) return refuse("These two are already connected.");
  const to = findHandle(target, {
    type: "target",
    id: connection.targetHandle,
    label: verdict.label,
  });
  if (to?.maxConnections !== undefined && alike.length >= to.maxConnections) {
    return refuse(`${to.label ?? "This handle"} takes only ${to.maxConnections}.`);
  }
  if (verdict.label === "" && reaches(graph, target.id, source.id))
    return refuse("This would make the flow run in a circle.");
  return verdict;
}

/** The ids of the nodes to which data flows, by the id of the node it comes from. */
export function flowTargets(graph: WorkflowGraph): Map<string, string[]> {
  const targets = new Map<string, string[]>();
  for (const edge of graph.edges) {
    if (!isFlowEdge(edge)) continue;
    const known = targets.get(edge.source);
    if (known) known.push(edge.target);
    else targets.set(edge.source, [edge.target]);
  }
  return targets;
}

function reaches(graph: WorkflowGraph, from: string, to: string): boolean {
  const targets = flowTargets(graph);
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(targets.get(id) ?? []));
  }
  return false;
}
