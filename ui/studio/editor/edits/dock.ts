import { findCard } from "../../../../plugin/node-cards.ts";
import { judgeConnection } from "../../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import type { NodeChange } from "../../xyflow.ts";
import type { XY } from "../graph-edits.ts";
import type { CanvasNode } from "../to-flow.ts";

/**
 * A part (a tool or a model) is docked when it is wired to exactly one agent and stands on one of the
 * docks below it. Nothing more is saved: the position says it, so that undo, import and another
 * person's edits need no second record. Docked parts move with their agent.
 */

/** How far below its agent the first row of parts begins. */
const firstRow = 150;
const rowPitch = 140;
/** The left edges of the columns, from the agent's left edge; the nearest to its middle first. */
const columns = [20, -200, 240, -420, 460] as const;
/** A part that is dropped this near to a free dock is docked. */
const reach = 100;

const docksPerAgent = 40;

export interface Dock {
  readonly agentId: string;
  readonly position: XY;
}

const isAgent = (type: string): boolean => findCard(type)?.kind === "agent";

/** The handle by which a node hangs below an agent. */
const partHandleOf = (type: string) =>
  findCard(type)?.handles.find(({ type: end, edgeLabel }) => end === "source" && edgeLabel !== "");

/** The agents that each part is wired to. Computed once for each graph: a drag asks with every move. */
const agentsByPart = new WeakMap<WorkflowGraph, ReadonlyMap<string, readonly string[]>>();
export function agentsOfParts(graph: WorkflowGraph): ReadonlyMap<string, readonly string[]> {
  const known = agentsByPart.get(graph);
  if (known) return known;
  const agents = new Set(graph.nodes.filter(({ type }) => isAgent(type)).map(({ id }) => id));
  const found = new Map<string, string[]>();
  for (const { label, source, target } of graph.edges) {
    if (label === "" || !agents.has(target)) continue;
    found.set(source, [...(found.get(source) ?? []), target]);
  }
  agentsByPart.set(graph, found);
  return found;
}

/** The docks below an agent, in the order in which they fill. */
export function docksBelow({ x, y }: XY): XY[] {
  return Array.from({ length: docksPerAgent }, (_, index) => ({
    x: x + (columns[index % columns.length] ?? 0),
    y: y + firstRow + rowPitch * Math.floor(index / columns.length),
  }));
}

const isAt = (a: XY, b: XY): boolean => a.x === b.x && a.y === b.y;

/** The parts that move with this agent. */
export function dockedParts(graph: WorkflowGraph, agentId: string): string[] {
  const agent = graph.nodes.find(({ id }) => id === agentId);
  if (!agent || !isAgent(agent.type)) return [];
  const owners = agentsOfParts(graph);
  const docks = docksBelow(agent.position);
  return graph.nodes
    .filter(({ id, position }) => {
      const [owner, ...others] = owners.get(id) ?? [];
      return owner === agentId && others.length === 0 && docks.some((dock) => isAt(dock, position));
    })
    .map(({ id }) => id);
}

/** The first free dock below an agent. */
export function freeDock(graph: WorkflowGraph, agentId: string, exceptId?: string): XY | undefined {
  const agent = graph.nodes.find(({ id }) => id === agentId);
  return agent && docksBelow(agent.position).find((dock) => isFree(graph, dock, exceptId));
}

/** Cards are 200 wide and up to 106 high; a dock is taken if a card covers it. */
const isFree = ({ nodes }: WorkflowGraph, dock: XY, exceptId: string | undefined): boolean =>
  !nodes.some(
    ({ id, position, type }) =>
      id !== exceptId &&
      findCard(type)?.kind !== "note" &&
      Math.abs(position.x - dock.x) < 200 &&
      Math.abs(position.y - dock.y) < 100,
  );

/**
 * Where a part docks that is dropped at `at`: on an agent, or near a free dock of an agent that it is wired to
 * or that would take it. A part that is wired to another agent stays with that agent.
 */
export function findDock(
  graph: WorkflowGraph,
  part: { readonly id?: string; readonly type: string },
  at: XY,
): Dock | undefined {
  if (!partHandleOf(part.type)) return undefined;
  const owners = part.id === undefined ? [] : (agentsOfParts(graph).get(part.id) ?? []);
  let best: (Dock & { readonly away: number }) | undefined;
  for (const agent of graph.nodes) {
    if (!isAgent(agent.type)) continue;
    const isOwn = owners.length === 1 && owners[0] === agent.id;
    if (!isOwn && (owners.length > 0 || !wouldTake(graph, part, agent.id))) continue;
    const onAgent =
      Math.abs(at.x + 100 - (agent.position.x + 116)) < 150 && Math.abs(at.y - agent.position.y) < 60;
    for (const dock of openDocks(graph, agent.position, part.id)) {
      const away = Math.hypot(dock.x - at.x, dock.y - at.y);
      if (!onAgent && away > reach) continue;
      if (best && best.away <= away) continue;
      best = { agentId: agent.id, position: dock, away };
    }
  }
  return best && { agentId: best.agentId, position: best.position };
}

/** The free docks of the first row that is not full. The next row is offered only when it is needed. */
function openDocks(graph: WorkflowGraph, agent: XY, exceptId: string | undefined): XY[] {
  const free = docksBelow(agent).filter((dock) => isFree(graph, dock, exceptId));
  return free.filter(({ y }) => y === free[0]?.y);
}

/** Whether the agent has room for such a part. */
function wouldTake(
  graph: WorkflowGraph,
  part: { readonly id?: string; readonly type: string },
  agentId: string,
): boolean {
  const id = part.id ?? "new";
  const nodes = part.id === undefined ? [...graph.nodes, bare(id, part.type)] : graph.nodes;
  const wanted = dockConnection({ id, type: part.type }, agentId);
  return wanted !== undefined && judgeConnection({ nodes, edges: graph.edges }, wanted).allowed;
}

const bare = (id: string, type: string) => ({ id, type, position: { x: 0, y: 0 }, data: { config: {} } });

/** The wire from a part to an agent. */
export function dockConnection(part: { readonly id: string; readonly type: string }, agentId: string) {
  const from = partHandleOf(part.type);
  const to = findCard("agent")?.handles.find(
    ({ type, edgeLabel }) => type === "target" && edgeLabel === from?.edgeLabel,
  );
  return from && to && { source: part.id, sourceHandle: from.id, target: agentId, targetHandle: to.id };
}

/** The positions of everything that moves with these nodes: agents take their docked parts along. */
export function withDockedParts(
  graph: WorkflowGraph,
  positions: ReadonlyMap<string, XY>,
): ReadonlyMap<string, XY> {
  const all = new Map(positions);
  for (const [id, to] of positions) {
    const node = graph.nodes.find((each) => each.id === id);
    if (!node || !isAgent(node.type)) continue;
    const [byX, byY] = [to.x - node.position.x, to.y - node.position.y];
    if (byX === 0 && byY === 0) continue;
    for (const partId of dockedParts(graph, id)) {
      const part = graph.nodes.find((each) => each.id === partId);
      if (part && !positions.has(partId))
        all.set(partId, { x: part.position.x + byX, y: part.position.y + byY });
    }
  }
  return all;
}

/** The nodes that React Flow moved, and the parts docked to them. `graph` is the canvas before the move. */
export function withDockedChanges(
  graph: WorkflowGraph,
  changes: readonly NodeChange<CanvasNode>[],
): NodeChange<CanvasNode>[] {
  const moves = changes.flatMap((change) => (change.type === "position" && change.position ? [change] : []));
  if (moves.length === 0) return [...changes];
  const asked = new Map(moves.map(({ id, position }) => [id, position ?? { x: 0, y: 0 }]));
  const dragging = moves.at(-1)?.dragging;
  const along = [...withDockedParts(graph, asked)].filter(([id]) => !asked.has(id));
  return [
    ...changes,
    ...along.map(([id, position]) => ({ id, type: "position" as const, position, dragging })),
  ];
}
