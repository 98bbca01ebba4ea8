import { createStore, type StoreApi } from "zustand/vanilla";
import type { ProofHop, ProofStep } from "../../../plugin/api/identities.ts";
import { proveAgent } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";

export interface ProofState {
  /** Whose chain is shown; nothing while no proof is. */
  readonly agentId: string | undefined;
  readonly phase: "running" | "ended" | "stopped";
  /** Where each hop stands that was begun. */
  readonly hops: Readonly<Partial<Record<ProofHop, ProofStep>>>;
  /** Why the proof could not be begun or finished. */
  readonly trouble: string | undefined;
}

export interface ProofStore {
  readonly store: StoreApi<ProofState>;
  /** Proves what the server has; `save` sees to it that this is what is on the canvas. */
  readonly start: (agentId: string, save: () => Promise<boolean>) => Promise<void>;
  readonly stop: () => void;
  /** Takes the marks and the result away. */
  readonly close: () => void;
}

const nothing: ProofState = { agentId: undefined, phase: "ended", hops: {}, trouble: undefined };

/** "Prove the chain": create, code and verify for one agent, as far as it has come. `onEnd` hears when it is over. */
export function createProofStore(slug: string, onEnd: () => void): ProofStore {
  const store = createStore<ProofState>(() => nothing);
  let running: AbortController | undefined;
  const stop = () => {
    running?.abort();
    running = undefined;
    if (store.getState().phase === "running") store.setState({ phase: "stopped" });
  };
  return {
    store,
    stop,
    close: () => {
      running?.abort();
      running = undefined;
      if (store.getState().agentId !== undefined) store.setState(nothing);
    },
    start: async (agentId, save) => {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      store.setState({ ...nothing, agentId, phase: "running" });
      const isMine = () => running === mine;
      try {
        if (!(await save())) throw new Error("unsaved");
        if (!isMine()) return;
        await proveAgent(slug, agentId, mine.signal, (step) => {
          if (isMine()) store.setState(({ hops }) => ({ hops: { ...hops, [step.hop]: step } }));
        });
        if (isMine()) store.setState({ phase: "ended" });
      } catch (error) {
        if (isMine()) store.setState({ phase: "ended", trouble: troubleOf(error) });
      } finally {
        if (isMine()) running = undefined;
        onEnd();
      }
    },
  };
}

const troubleOf = (error: unknown): string =>
  error instanceof Error && error.message === "unsaved"
    ? "The last changes could not be saved, so nothing was tried."
    : messageOf(error);
