import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

/** What a canvas says of an agent's identity. Nothing secret is part of it. */
export interface CardIdentity {
  readonly username: string;
  /** The state of its account, in one or two words. */
  readonly standing: string;
  /** ISO 8601, or null when no code of it was used yet. */
  readonly lastUsedAt: string | null;
  /** Who can read its codes, besides the agent itself. */
  readonly otherReaders: readonly string[];
  /** Its number on this canvas, counted from 0: its colour and its letter. */
  readonly mark: number;
}

/** The nodes and edges by which a code can be read, while a person asks for that. */
export interface LitParts {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

/**
 * Whose identity each agent and each tool edge carries. A host that gives none has edges without owners.
 */
export interface IdentityStates {
  readonly subscribe: (listener: () => void) => () => void;
  readonly identityOf: (agentNodeId: string) => CardIdentity | undefined;
  /** Set while all other parts are dimmed. */
  readonly lit: () => LitParts | undefined;
}

export interface WritableIdentityStates extends IdentityStates {
  readonly setIdentities: (identities: ReadonlyMap<string, CardIdentity>) => void;
  readonly setLit: (lit: LitParts | undefined) => void;
}

/** @example const states = createIdentityStates(); states.setIdentities(new Map([["agent_1", { username, standing: "Active", lastUsedAt: null, otherReaders: [], mark: 0 }]])); */
export function createIdentityStates(): WritableIdentityStates {
  const listeners = new Set<() => void>();
  let identities: ReadonlyMap<string, CardIdentity> = new Map();
  let lit: LitParts | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    identityOf: (id) => identities.get(id),
    lit: () => lit,
    setIdentities: (next) => {
      identities = next;
      tell();
    },
    setLit: (next) => {
      lit = next;
      tell();
    },
  };
}

const IdentityStatesContext = createContext<IdentityStates>(createIdentityStates());

export const IdentityStatesProvider = ({
  states,
  children,
}: {
  states: IdentityStates;
  children: ReactNode;
}) => <IdentityStatesContext.Provider value={states}>{children}</IdentityStatesContext.Provider>;

function useIdentityState<T>(read: (states: IdentityStates) => T): T {
  const states = useContext(IdentityStatesContext);
  const snapshot = () => read(states);
  return useSyncExternalStore(states.subscribe, snapshot, snapshot);
}

export const useIdentityOf = (agentNodeId: string): CardIdentity | undefined =>
  useIdentityState((states) => states.identityOf(agentNodeId));

const isDimmed = (ids: ReadonlySet<string> | undefined, id: string): boolean =>
  ids !== undefined && !ids.has(id);

export const useIsNodeDimmed = (id: string): boolean =>
  useIdentityState((states) => isDimmed(states.lit()?.nodes, id));

export const useIsEdgeDimmed = (id: string): boolean =>
  useIdentityState((states) => isDimmed(states.lit()?.edges, id));

/** The number of colours. With more agents, the letters tell them apart. */
export const ownerColours = 8;

/** A, B, … Z, then 27, 28, … */
export const ownerLetter = (mark: number): string =>
  mark < 26 ? String.fromCharCode(65 + mark) : String(mark + 1);
