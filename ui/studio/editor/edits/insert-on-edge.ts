import { flowTargets } from "../../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import { cardSize } from "../../canvas/card-size.ts";
import { addNode, connect, moveNodes, type Place, removeParts } from "../graph-edits.ts";
import { withDockedParts } from "./dock.ts";
import { flowWire, isInTheFlow } from "./flow-wire.ts";

const gap = 80;

/** Puts a node into an edge of the flow, and moves what comes after it aside where there is no room. */
export function insertOnEdge(
  graph: WorkflowGraph,
  edgeId: string,
  node: { readonly id: string; readonly type: string; readonly position?: Place },
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
  const places = new Map(
    graph.nodes
      .filter(({ id }) => moving.has(id))
      .map(({ id, position }) => [id, { x: position.x + by, y: position.y }]),
  );
  return moveNodes(graph, withDockedParts(graph, places));
}
