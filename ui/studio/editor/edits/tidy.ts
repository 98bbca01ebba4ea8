import { Graph, layout } from "@dagrejs/dagre";
import { findCard } from "../../../../plugin/node-cards.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../../plugin/workflow.ts";
import { moveNodes, type Place } from "../graph-edits.ts";
import { cardSize } from "../positions.ts";
import { agentsOfParts, docksBelow } from "./dock.ts";

const grid = (value: number): number => Math.round(value / 10) * 10;

/** A card, and for an agent all that hangs below it: laid out as one. */
interface Block {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Where each of its nodes stands, counted from the block's corner. */
  readonly places: ReadonlyMap<string, Place>;
}

/** The flow from left to right, every agent's parts docked below it. Sticky notes stay where somebody put them. */
export function tidy(graph: WorkflowGraph): WorkflowGraph {
  const movable = graph.nodes.filter(({ type }) => findCard(type)?.kind !== "note");
  if (movable.length === 0) return graph;
  const blocks = blocksOf(graph, movable);
  const places = new Map<string, Place>();
  for (const [block, corner] of laidOut(graph, blocks))
    for (const [id, place] of block.places) places.set(id, { x: corner.x + place.x, y: corner.y + place.y });
  return moveNodes(graph, aroundTheSameCorner(movable, places));
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
    { id: node.id, place: { x: 0, y: 0 }, size: cardSize(node.type) },
    ...inOrder.map(({ id, type }, index) => ({
      id,
      place: docks[index] ?? { x: 0, y: 0 },
      size: cardSize(type),
    })),
  ];
  const left = Math.min(...all.map(({ place }) => place.x));
  return {
    id: node.id,
    width: Math.max(...all.map(({ place, size }) => place.x + size.width)) - left,
    height: Math.max(...all.map(({ place, size }) => place.y + size.height)),
    places: new Map(all.map(({ id, place }) => [id, { x: place.x - left, y: place.y }])),
  };
}

/** Models first, then row by row and left to right: those who know the workflow find everything again. */
const asTheyStood = (a: WorkflowNode, b: WorkflowNode): number =>
  Number(isModel(b)) - Number(isModel(a)) ||
  Math.round(a.position.y / 70) - Math.round(b.position.y / 70) ||
  a.position.x - b.position.x ||
  (a.id < b.id ? -1 : 1);

const isModel = ({ type }: WorkflowNode): boolean => findCard(type)?.kind === "model";

function laidOut({ edges }: WorkflowGraph, blocks: readonly Block[]): [Block, Place][] {
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

/** Tidying should not move the whole workflow out of sight. */
function aroundTheSameCorner(nodes: readonly WorkflowNode[], places: ReadonlyMap<string, Place>) {
  const before = nodes.map(({ position }) => position);
  const after = [...places.values()];
  const least = (all: readonly Place[], axis: "x" | "y") => Math.min(...all.map((place) => place[axis]));
  const [byX, byY] = [
    grid(least(before, "x") - least(after, "x")),
    grid(least(before, "y") - least(after, "y")),
  ];
  return new Map([...places].map(([id, { x, y }]) => [id, { x: x + byX, y: y + byY }]));
}
