import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

/** Where a node or an edge stands in the run that is shown. */
export type PartStatus = "waiting" | "running" | "done" | "failed" | "cancelled";

/** What a running node waits for, and until when (ISO 8601). */
export interface PartWait {
  readonly until: string;
  readonly reason: string;
}

/**
 * What changes on a card without the node changing: its place in a run and what is wrong with it.
 * It is kept beside React Flow's nodes, because rebuilding nodes for every event of a run would
 * render every card; here only the cards that are told something new render.
 */
export interface CardStates {
  readonly subscribe: (listener: () => void) => () => void;
  readonly nodeStatus: (id: string) => PartStatus | undefined;
  readonly edgeStatus: (id: string) => PartStatus | undefined;
  readonly waitOf: (id: string) => PartWait | undefined;
  readonly problemOf: (id: string) => string | undefined;
}

export interface PartStatuses {
  readonly nodes: ReadonlyMap<string, PartStatus>;
  readonly edges: ReadonlyMap<string, PartStatus>;
  readonly waits?: ReadonlyMap<string, PartWait>;
}

export interface WritableCardStates extends CardStates {
  readonly setStatuses: (statuses: PartStatuses) => void;
  readonly setProblems: (problems: ReadonlyMap<string, string>) => void;
}

/** @example const states = createCardStates(); states.setStatuses({ nodes: new Map([["agent_1", "running"]]), edges: new Map() }); */
export function createCardStates(): WritableCardStates {
  const listeners = new Set<() => void>();
  let statuses: PartStatuses = { nodes: new Map(), edges: new Map() };
  let problems: ReadonlyMap<string, string> = new Map();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    nodeStatus: (id) => statuses.nodes.get(id),
    edgeStatus: (id) => statuses.edges.get(id),
    waitOf: (id) => statuses.waits?.get(id),
    problemOf: (id) => problems.get(id),
    setStatuses: (next) => {
      statuses = next;
      tell();
    },
    setProblems: (next) => {
      problems = next;
      tell();
    },
  };
}

const CardStatesContext = createContext<CardStates>(createCardStates());

export const CardStatesProvider = ({ states, children }: { states: CardStates; children: ReactNode }) => (
  <CardStatesContext.Provider value={states}>{children}</CardStatesContext.Provider>
);

/** The same in a host that renders on its server first: there, nothing runs yet. */
function useCardState<T>(read: (states: CardStates) => T): T {
  const states = useContext(CardStatesContext);
  const snapshot = () => read(states);
  return useSyncExternalStore(states.subscribe, snapshot, snapshot);
}

export const useNodeStatus = (id: string): PartStatus | undefined =>
  useCardState((states) => states.nodeStatus(id));

export const useEdgeStatus = (id: string): PartStatus | undefined =>
  useCardState((states) => states.edgeStatus(id));

export const useWaitOf = (id: string): PartWait | undefined => useCardState((states) => states.waitOf(id));

export const useProblemOf = (id: string): string | undefined =>
  useCardState((states) => states.problemOf(id));
