import { useCallback } from "react";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";

/** Proves an agent's chain on what is on the canvas: it is saved first, as before a run. */
export function useProve(): (agentId: string) => void {
  const { editor, proof } = useOpenWorkflow();
  return useCallback((agentId) => void proof.start(agentId, () => editor.saving.flush()), [editor, proof]);
}
