import { ShieldCheck } from "lucide-react";
import { useCallback } from "react";
import { useStore } from "zustand";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { Button } from "../kit/Button.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import styles from "./ProofSection.module.css";

/** In an agent's settings: tests its whole chain, without a model and without effects on other systems. */
export function ProofSection({ agentNodeId }: { agentNodeId: string }) {
  const { proof } = useOpenWorkflow();
  const busy = useStore(proof.store, (state) => state.agentId !== undefined && state.phase === "running");
  const startProof = useStartProof();
  return (
    <PanelSection aria-labelledby="proof-section-title">
      <h3 id="proof-section-title">Proof</h3>
      <Muted>Creates the account, reads a code and has it verified, and shows where it fails.</Muted>
      <Button className={styles.button} disabled={busy} onClick={() => startProof(agentNodeId)}>
        <ShieldCheck size={14} aria-hidden />
        Prove the chain
      </Button>
    </PanelSection>
  );
}

/** Proves an agent's chain as it is on the canvas: the workflow is saved first, as before a run. */
export function useStartProof(): (agentId: string) => void {
  const { editor, proof } = useOpenWorkflow();
  return useCallback((agentId) => void proof.start(agentId, () => editor.saving.flush()), [editor, proof]);
}
