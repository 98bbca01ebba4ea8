import { createStore, type StoreApi } from "zustand/vanilla";
import type { ProofStep, ProofStepName } from "../../../plugin/api/identities.ts";
import { createAgentUser } from "../../../plugin/nodes/create-agent-user.ts";
import { getTotpCode } from "../../../plugin/nodes/get-totp-code.ts";
import { verifyTotpCode } from "../../../plugin/nodes/verify-totp-code.ts";
import type { PartStatus, PartStatuses, PartWait } from "../../canvas/card-states.tsx";
import { proveAgent } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import type { Failure } from "./tool-result.ts";

export interface ProofState {
  /** The agent of the proof that is shown; undefined without a proof. */
  readonly agentId: string | undefined;
  readonly phase: "running" | "ended" | "stopped";
  /** The state of each step that was started. */
  readonly steps: Readonly<Partial<Record<ProofStepName, ProofStep>>>;
  /** Why the proof could not be started or finished. */
  readonly trouble: string | undefined;
}

export interface ProofStore {
  readonly store: StoreApi<ProofState>;
  /** Proves the saved workflow; `save` saves the canvas first. */
  readonly start: (agentId: string, save: () => Promise<boolean>) => Promise<void>;
  readonly stop: () => void;
  /** Removes the marks and the result. */
  readonly close: () => void;
}

const nothing: ProofState = { agentId: undefined, phase: "ended", steps: {}, trouble: undefined };

/** "Prove the chain": create, code and verify for one agent. `onEnd` is called when it is over. */
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
        await proveAgent({ slug, agentNodeId: agentId, signal: mine.signal }, (step) => {
          if (isMine()) store.setState(({ steps }) => ({ steps: { ...steps, [step.hop]: step } }));
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

/** The tool of each step. */
const stepTools: Readonly<Record<ProofStepName, string>> = {
  create: createAgentUser.type,
  code: getTotpCode.type,
  verify: verifyTotpCode.type,
};

export const stepOrder = ["create", "code", "verify"] as const satisfies readonly ProofStepName[];

const partOf = { running: "running", waiting: "running", passed: "done", failed: "failed" } as const;

/** Whether every step was passed. */
export const isProved = ({ steps }: ProofState): boolean =>
  stepOrder.every((name) => steps[name]?.state === "passed");

/** How the canvas shows a proof: the agent, each step's tool and the edge between them. */
export function statusesOf(proof: ProofState): PartStatuses | undefined {
  if (proof.agentId === undefined) return undefined;
  const nodes = new Map<string, PartStatus>();
  const edges = new Map<string, PartStatus>();
  const waits = new Map<string, PartWait>();
  for (const name of stepOrder) {
    const step = proof.steps[name];
    if (!step) continue;
    const unfinished = step.state === "running" || step.state === "waiting";
    const status = proof.phase === "running" || !unfinished ? partOf[step.state] : "cancelled";
    if (step.node_id !== null) nodes.set(step.node_id, status);
    if (step.edge_id !== null) edges.set(step.edge_id, status);
    if (step.node_id !== null && step.state === "waiting" && step.until && proof.phase === "running")
      waits.set(step.node_id, { until: step.until, reason: "fresh_code" });
  }
  nodes.set(proof.agentId, agentStatus(proof));
  return { nodes, edges, waits };
}

function agentStatus(proof: ProofState): PartStatus {
  if (proof.phase === "running") return "running";
  if (proof.phase === "stopped") return "cancelled";
  return isProved(proof) ? "done" : "failed";
}

/** What failed at a step, and at which node. */
export function failureAt(proof: ProofState, step: ProofStepName): Failure | undefined {
  const { error, node_id } = proof.steps[step] ?? {};
  if (!error) return undefined;
  return {
    code: error.code,
    text: error.message,
    nodeId: node_id ?? undefined,
    agentId: proof.agentId,
    tool: stepTools[step],
  };
}
