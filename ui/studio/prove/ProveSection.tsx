import { ShieldCheck } from "lucide-react";
import { useStore } from "zustand";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { useProve } from "./useProve.ts";

/** In an agent's settings: tries its whole chain, without a model and without side effects outside. */
export function ProveSection({ agentNodeId }: { agentNodeId: string }) {
  const { proof } = useOpenWorkflow();
  const busy = useStore(proof.store, (state) => state.agentId !== undefined && state.phase === "running");
  const prove = useProve();
  return (
    <section className="panel__section" aria-labelledby="prove-title">
      <h3 id="prove-title">Proof</h3>
      <p className="muted">
        Creates the account, reads a code and has it verified, and shows where it fails.
      </p>
      <button
        type="button"
        className="button prove__button"
        disabled={busy}
        onClick={() => prove(agentNodeId)}
      >
        <ShieldCheck size={14} aria-hidden />
        Prove the chain
      </button>
    </section>
  );
}
