import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import { moveNodes, type XY } from "../graph-edits.ts";
import { cardSize } from "../positions.ts";
import { withDockedParts } from "./dock.ts";

export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom";
export type Direction = "horizontal" | "vertical";

interface Box extends XY {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

const boxesOf = ({ nodes }: WorkflowGraph, ids: ReadonlySet<string>): Box[] =>
  nodes
    .filter(({ id }) => ids.has(id))
    .map(({ id, type, position }) => ({ id, ...position, ...cardSize(type) }));

const move = (graph: WorkflowGraph, positions: [string, XY][]): WorkflowGraph =>
  moveNodes(graph, withDockedParts(graph, new Map(positions)));

/** Moves an edge or the middle of these nodes onto one line. */
export function align(graph: WorkflowGraph, ids: ReadonlySet<string>, to: Alignment): WorkflowGraph {
  const boxes = boxesOf(graph, ids);
  if (boxes.length < 2) return graph;
  const left = Math.min(...boxes.map(({ x }) => x));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const top = Math.min(...boxes.map(({ y }) => y));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const positionOf: Record<Alignment, (box: Box) => XY> = {
    left: ({ y }) => ({ x: left, y }),
    center: ({ y, width }) => ({ x: (left + right - width) / 2, y }),
    right: ({ y, width }) => ({ x: right - width, y }),
    top: ({ x }) => ({ x, y: top }),
    middle: ({ x, height }) => ({ x, y: (top + bottom - height) / 2 }),
    bottom: ({ x, height }) => ({ x, y: bottom - height }),
  };
  return move(
    graph,
    boxes.map((box) => [box.id, positionOf[to](box)]),
  );
}

/** The same gap between each of these nodes and the next; the outer two stay. */
export function distribute(graph: WorkflowGraph, ids: ReadonlySet<string>, along: Direction): WorkflowGraph {
  const [start, size] = along === "horizontal" ? (["x", "width"] as const) : (["y", "height"] as const);
  const boxes = boxesOf(graph, ids).sort((a, b) => a[start] - b[start]);
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last || boxes.length < 3) return graph;
  const covered = boxes.reduce((sum, box) => sum + box[size], 0);
  const gap = (last[start] + last[size] - first[start] - covered) / (boxes.length - 1);
  let next = first[start];
  return move(
    graph,
    boxes.map((box) => {
      const position = { x: box.x, y: box.y, [start]: next };
      next += box[size] + gap;
      return [box.id, position];
    }),
  );
}
