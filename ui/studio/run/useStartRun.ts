import { useCallback } from "react";
import { findContract } from "../../../plugin/catalogue.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { useEditorState, useOpenWorkflow } from "../editor/EditorContext.tsx";
import { showToast } from "../kit/toasts.ts";

/** A chat trigger listens to the chat; any other trigger is started by the button. */
function triggerOf({ nodes }: WorkflowGraph): "chat" | "button" | undefined {
  const triggers = nodes.filter(({ type }) => findContract(type)?.kind === "trigger");
  if (triggers.length === 0) return undefined;
  const listens = (type: string) => findContract(type)?.ports.outputs.some(({ name }) => name === "message");
  return triggers.every(({ type }) => listens(type)) ? "chat" : "button";
}

/** Starts a run of what is on the canvas: it is saved first, because the server runs what it has. */
export function useStartRun() {
  const { editor, runs } = useOpenWorkflow();
  const trigger = useEditorState((state) => triggerOf(state.history.present));
  const start = useCallback(
    async (input: string | undefined): Promise<boolean> => {
      if (!(await editor.saving.flush())) {
        showToast({ text: "The last changes could not be saved, so nothing was run.", tone: "warning" });
        return false;
      }
      return runs.start(input);
    },
    [editor, runs],
  );
  return { trigger, start };
}
