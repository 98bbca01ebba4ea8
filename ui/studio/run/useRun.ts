import { useCallback } from "react";
import { flushSync } from "react-dom";
import { useStore } from "zustand";
import { validateWorkflow } from "../../../plugin/validate-workflow.ts";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { showToast } from "../kit/toasts.ts";
import { openProblems } from "../topbar/open-problems.ts";
import { useStartRun } from "./useStartRun.ts";

const isBusy = (phase: string): boolean =>
  phase === "starting" || phase === "following" || phase === "cancelling";

/** What the Run button and its key do: run, ask for a message, or show what would be refused. */
export function useRun(): { busy: boolean; run: () => void } {
  const { editor, runs } = useOpenWorkflow();
  const busy = useStore(runs.store, (state) => isBusy(state.phase));
  const { trigger, start } = useStartRun();
  const run = useCallback(() => {
    if (isBusy(runs.store.getState().phase)) return;
    const [problem] = validateWorkflow(editor.store.getState().history.present);
    if (problem) {
      if (!openProblems()) showToast({ text: problem.message, tone: "warning" });
      return;
    }
    if (trigger !== "chat") return void start(undefined);
    // A workflow that starts with a message is run from the chat; the button leads there.
    flushSync(() => runs.store.setState({ chatOpen: true, tab: "chat" }));
    document.getElementById("chat-input")?.focus();
    runs.askForMessage(true);
  }, [editor, runs, trigger, start]);
  return { busy, run };
}
