import { findCard } from "../../../../plugin/node-cards.ts";
import { type Connection, flowTargets, judgeConnection } from "../../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import { addNode, connect, moveNodes, removeParts, type XY } from "../graph-edits.ts";
import { cardSize } from "../positions.ts";
import { withDockedParts } from "./dock.ts";

interface End {
  readonly id: string;
  readonly type: string;
}

const flowHandle = (type: string, end: "source" | "target") =>
  findCard(type)?.handles.find((handle) => handle.type === end && handle.edgeLabel === "");

/** Whether the flow can run through a node of this type. */
export const isInTheFlow = (type: string): boolean =>
  flowHandle(type, "source") !== undefined && flowHandle(type, "target") !== undefined;

/** The flow from one node to the next, where both take part in it. */
export function flowWire(from: End, to: End): Connection | undefined {
  const [out, into] = [flowHandle(from.type, "source"), flowHandle(to.type, "target")];
  return out && into && { source: from.id, sourceHandle: out.id, target: to.id, targetHandle: into.id };
}

const gap = 80;

/** Puts a node into a flow edge. If there is no room, the nodes after it move to the right. */
export function insertOnEdge(
  graph: WorkflowGraph,
  edgeId: string,
  node: { readonly id: string; readonly type: string; readonly position?: XY },
): WorkflowGraph | undefined {
  const edge = graph.edges.find(({ id }) => id === edgeId);
  const source = graph.nodes.find(({ id }) => id === edge?.source);
  const target = graph.nodes.find(({ id }) => id === edge?.target);
  if (edge?.label !== "" || !source || !target || !isInTheFlow(node.type)) return undefined;
  const [wireIn, wireOut] = [flowWire(source, node), flowWire(node, target)];
  if (!wireIn || !wireOut) return undefined;

  const room = cardSize(source.type).width + cardSize(node.type).width + 2 * gap;
  const missing = Math.ceil(Math.max(0, source.position.x + room - target.position.x) / 10) * 10;
  const roomy = missing === 0 ? graph : shiftFrom(graph, target.id, missing);
  const position = node.position ?? {
    x: source.position.x + cardSize(source.type).width + gap,
    y: Math.round((source.position.y + target.position.y) / 20) * 10,
  };
  const without = removeParts(roomy, { nodes: new Set(), edges: new Set([edgeId]) });
  const first = connect(addNode(without, { id: node.id, type: node.type, position }), wireIn);
  const second = "graph" in first ? connect(first.graph, wireOut) : first;
  return "graph" in second ? second.graph : undefined;
}

/** Moves a node and all that the flow reaches from it to the right. */
function shiftFrom(graph: WorkflowGraph, startId: string, by: number): WorkflowGraph {
  const targets = flowTargets(graph);
  const moving = new Set<string>();
  const open = [startId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (moving.has(id)) continue;
    moving.add(id);
    open.push(...(targets.get(id) ?? []));
  }
  const positions = new Map(
    graph.nodes
      .filter(({ id }) => moving.has(id))
      .map(({ id, position }) => [id, { x: position.x + by, y: position.y }]),
  );
  return moveNodes(graph, withDockedParts(graph, positions));
}

type Parts = Parameters<typeof removeParts>[1];

/** Removes parts, and reconnects the flow that ran through the removed nodes, if that is allowed. */
export function removeAndHeal(graph: WorkflowGraph, parts: Parts): WorkflowGraph {
  let healed = removeParts(graph, parts);
  if (parts.nodes.size === 0) return healed;
  // An edge that is removed together with its node is not reconnected.
  const targets = flowTargets({
    nodes: graph.nodes,
    edges: graph.edges.filter(({ id }) => !parts.edges.has(id)),
  });
  for (const { id: source, type } of healed.nodes) {
    for (const target of survivorsBehind(source, targets, parts.nodes)) {
      const other = healed.nodes.find(({ id }) => id === target);
      if (!other) continue;
      const wire = flowWire({ id: source, type }, other);
      if (!wire || !judgeConnection(healed, wire).allowed) continue;
      const made = connect(healed, wire);
      if ("graph" in made) healed = made.graph;
    }
  }
  return healed;
}

/** The remaining nodes that the flow reaches from `source` through removed nodes only. */
function survivorsBehind(
  source: string,
  targets: ReadonlyMap<string, readonly string[]>,
  removed: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = (targets.get(source) ?? []).filter((id) => removed.has(id));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const next of targets.get(id) ?? []) removed.has(next) ? open.push(next) : found.add(next);
  }
  return found;
}
