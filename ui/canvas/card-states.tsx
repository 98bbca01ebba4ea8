import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import { agentModelHandle, agentToolsHandle, type HandleContract } from "../../plugin/handles.ts";

/** The state of a node or an edge in the shown run. */
export type PartStatus = "waiting" | "running" | "done" | "failed" | "cancelled";

/** What a running node waits for, and until when (ISO 8601). */
export interface PartWait {
  readonly until: string;
  readonly reason: string;
  /** The start of the wait, for the ring that shows how much of it is left. */
  readonly since?: string;
  /** The id of the wait, if a person can answer it. */
  readonly waitId?: string;
  /** What arrived for it. */
  readonly arrived?: Arrival;
  /** The people it waits for, in words. */
  readonly waitsFor?: string;
}

/** What arrived for a tool, and from which host. The host is empty if a program or a person gave it. */
export interface Arrival {
  readonly from: string;
  readonly kind: "code" | "link" | "ambiguous";
}

/**
 * What changes on a card while its node stays the same: its status in a run, and its problem.
 * It is stored beside React Flow's nodes: new nodes for every event of a run would
 * render every card. Here only the cards that change render.
 */
export interface CardStates {
  /** The clock that waits are counted by: `Date.now` by default. */
  readonly now?: () => number;
  readonly subscribe: (listener: () => void) => () => void;
  readonly nodeStatus: (id: string) => PartStatus | undefined;
  readonly edgeStatus: (id: string) => PartStatus | undefined;
  readonly waitOf: (id: string) => PartWait | undefined;
  /** The message that moves along an edge. */
  readonly arrivalOf: (edgeId: string) => Arrival | undefined;
  readonly problemOf: (id: string) => string | undefined;
  /** How many edges end at a handle. */
  readonly partCount: (nodeId: string, handleId: string) => number;
}

/** The fields of an edge that are needed to count it. */
export interface CountedEdge {
  readonly target: string;
  readonly targetHandle?: string | null;
  readonly label?: unknown;
}

export interface PartStatuses {
  readonly nodes: ReadonlyMap<string, PartStatus>;
  readonly edges: ReadonlyMap<string, PartStatus>;
  readonly waits?: ReadonlyMap<string, PartWait>;
  /** The arriving message of each edge, by edge id. */
  readonly arrivals?: ReadonlyMap<string, Arrival>;
}

export interface WritableCardStates extends CardStates {
  readonly setStatuses: (statuses: PartStatuses) => void;
  readonly setProblems: (problems: ReadonlyMap<string, string>) => void;
  /** Call it when edges are added or removed, not while nodes are dragged. */
  readonly setEdges: (edges: readonly CountedEdge[]) => void;
}

const handleKey = (nodeId: string, handleId: string) => `${nodeId} ${handleId}`;

/** If an edge was saved without its handle, its label says which handle it ends at. */
const targetOf = ({ target, targetHandle, label }: CountedEdge) =>
  handleKey(
    target,
    targetHandle ?? (label === "tool" ? agentToolsHandle.id : label === "llm" ? agentModelHandle.id : ""),
  );

/** @example const states = createCardStates(); states.setStatuses({ nodes: new Map([["agent_1", "running"]]), edges: new Map() }); */
export function createCardStates(now?: () => number): WritableCardStates {
  const listeners = new Set<() => void>();
  let statuses: PartStatuses = { nodes: new Map(), edges: new Map() };
  let problems: ReadonlyMap<string, string> = new Map();
  let counts: ReadonlyMap<string, number> = new Map();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    now,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    nodeStatus: (id) => statuses.nodes.get(id),
    edgeStatus: (id) => statuses.edges.get(id),
    waitOf: (id) => statuses.waits?.get(id),
    arrivalOf: (id) => statuses.arrivals?.get(id),
    problemOf: (id) => problems.get(id),
    partCount: (nodeId, handleId) => counts.get(handleKey(nodeId, handleId)) ?? 0,
    setStatuses: (next) => {
      statuses = next;
      tell();
    },
    setProblems: (next) => {
      problems = next;
      tell();
    },
    setEdges: (edges) => {
      const next = new Map<string, number>();
      for (const edge of edges) next.set(targetOf(edge), (next.get(targetOf(edge)) ?? 0) + 1);
      counts = next;
      tell();
    },
  };
}

const CardStatesContext = createContext<CardStates>(createCardStates());

export const CardStatesProvider = ({ states, children }: { states: CardStates; children: ReactNode }) => (
  <CardStatesContext.Provider value={states}>{children}</CardStatesContext.Provider>
);

/** A host that renders on its server gets the same values: no run exists there yet. */
function useCardState<T>(read: (states: CardStates) => T): T {
  const states = useContext(CardStatesContext);
  const snapshot = () => read(states);
  return useSyncExternalStore(states.subscribe, snapshot, snapshot);
}

/** The clock that waits are counted by. */
export const useClock = (): (() => number) => useContext(CardStatesContext).now ?? Date.now;

export const useNodeStatus = (id: string): PartStatus | undefined =>
  useCardState((states) => states.nodeStatus(id));

export const useEdgeStatus = (id: string): PartStatus | undefined =>
  useCardState((states) => states.edgeStatus(id));

export const useWaitOf = (id: string): PartWait | undefined => useCardState((states) => states.waitOf(id));

export const useArrivalOf = (edgeId: string): Arrival | undefined =>
  useCardState((states) => states.arrivalOf(edgeId));

export const useProblemOf = (id: string): string | undefined =>
  useCardState((states) => states.problemOf(id));

/** Whether a handle has all the edges it takes. */
export const useIsFull = (nodeId: string, { id, maxConnections = Infinity }: HandleContract): boolean =>
  useCardState((states) => states.partCount(nodeId, id) >= maxConnections);
