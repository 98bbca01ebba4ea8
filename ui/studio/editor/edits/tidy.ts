import { Graph, layout } from "@dagrejs/dagre";
import { findCard } from "../../../../plugin/node-cards.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../../plugin/workflow.ts";
import { moveNodes, type XY } from "../graph-edits.ts";
import { cardSize } from "../positions.ts";
import { agentsOfParts, docksBelow } from "./dock.ts";

const grid = (value: number): number => Math.round(value / 10) * 10;

/** A card, or an agent with the parts below it: laid out as one block. */
interface Block {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** The position of each of its nodes, from the block's corner. */
  readonly positions: ReadonlyMap<string, XY>;
}

/** The flow from left to right, every agent's parts docked below it. Sticky notes do not move. */
export function tidy(graph: WorkflowGraph): WorkflowGraph {
  const movable = graph.nodes.filter(({ type }) => findCard(type)?.kind !== "note");
  if (movable.length === 0) return graph;
  const blocks = blocksOf(graph, movable);
  const positions = new Map<string, XY>();
  for (const [block, corner] of laidOut(graph, blocks))
    for (const [id, position] of block.positions)
      positions.set(id, { x: corner.x + position.x, y: corner.y + position.y });
  return moveNodes(graph, aroundTheSameCorner(movable, positions));
}

function blocksOf(graph: WorkflowGraph, nodes: readonly WorkflowNode[]): Block[] {
  const owners = agentsOfParts(graph);
  const partsOf = new Map<string, WorkflowNode[]>();
  for (const node of nodes) {
    const [owner] = owners.get(node.id) ?? [];
    if (owner !== undefined) partsOf.set(owner, [...(partsOf.get(owner) ?? []), node]);
  }
  return nodes
    .filter(({ id }) => (owners.get(id) ?? []).length === 0)
    .map((node) => blockOf(node, partsOf.get(node.id) ?? []));
}

function blockOf(node: WorkflowNode, parts: readonly WorkflowNode[]): Block {
  const inOrder = [...parts].sort(asTheyStood);
  const docks = docksBelow({ x: 0, y: 0 })
    .slice(0, inOrder.length)
    .sort((a, b) => a.y - b.y || a.x - b.x);
  const all = [
    { id: node.id, position: { x: 0, y: 0 }, size: cardSize(node.type) },
    ...inOrder.map(({ id, type }, index) => ({
      id,
      position: docks[index] ?? { x: 0, y: 0 },
      size: cardSize(type),
    })),
  ];
  const left = Math.min(...all.map(({ position }) => position.x));
  return {
    id: node.id,
    width: Math.max(...all.map(({ position, size }) => position.x + size.width)) - left,
    height: Math.max(...all.map(({ position, size }) => position.y + size.height)),
    positions: new Map(all.map(({ id, position }) => [id, { x: position.x - left, y: position.y }])),
  };
}

/** Models first, then row by row and left to right, so that the old order can be recognized. */
const asTheyStood = (a: WorkflowNode, b: WorkflowNode): number =>
  Number(isModel(b)) - Number(isModel(a)) ||
  Math.round(a.position.y / 70) - Math.round(b.position.y / 70) ||
  a.position.x - b.position.x ||
  (a.id < b.id ? -1 : 1);

const isModel = ({ type }: WorkflowNode): boolean => findCard(type)?.kind === "model";

function laidOut({ edges }: WorkflowGraph, blocks: readonly Block[]): [Block, XY][] {
  const plan = new Graph();
  plan.setGraph({ rankdir: "LR", align: "UL", nodesep: 70, ranksep: 90 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of blocks) plan.setNode(id, { width, height });
  for (const { label, source, target } of edges)
    if (label === "" && plan.hasNode(source) && plan.hasNode(target)) plan.setEdge(source, target);
  layout(plan);
  return blocks.map((block) => {
    const { x, y } = plan.node(block.id) as { x: number; y: number };
    return [block, { x: grid(x - block.width / 2), y: grid(y - block.height / 2) }];
  });
}

/** Tidying must not move the whole workflow out of view. */
function aroundTheSameCorner(nodes: readonly WorkflowNode[], positions: ReadonlyMap<string, XY>) {
  const before = nodes.map(({ position }) => position);
  const after = [...positions.values()];
  const least = (all: readonly XY[], axis: "x" | "y") => Math.min(...all.map((position) => position[axis]));
  const [byX, byY] = [
    grid(least(before, "x") - least(after, "x")),
    grid(least(before, "y") - least(after, "y")),
  ];
  return new Map([...positions].map(([id, { x, y }]) => [id, { x: x + byX, y: y + byY }]));
}
