import { useCallback } from "react";
import { flushSync } from "react-dom";
import { useStore } from "zustand";
import { findContract } from "../../../plugin/catalogue.ts";
import { validateWorkflow } from "../../../plugin/validate-workflow.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { showToast } from "../kit/toasts.ts";
import { useMay } from "../person/whoami.ts";
import { useEditorState, useOpenWorkflow } from "./EditorContext.tsx";

/** The menu that lists what keeps the workflow from running. */
export const problemsMenuId = "problems-menu";

/** Opens that list and focuses its first entry; false if there is no list. */
export function openProblems(): boolean {
  const menu = document.getElementById(problemsMenuId);
  if (!menu) return false;
  // With its own button, because the menu is positioned at that button.
  if (!menu.matches(":popover-open"))
    document.querySelector<HTMLElement>(`[popovertarget="${problemsMenuId}"]`)?.click();
  menu.querySelector<HTMLElement>("button")?.focus();
  return true;
}

/** A chat trigger starts with a chat message; any other trigger starts with the button. */
function triggerOf({ nodes }: WorkflowGraph): "chat" | "button" | undefined {
  const triggers = nodes.filter(({ type }) => findContract(type)?.kind === "trigger");
  if (triggers.length === 0) return undefined;
  const listens = (type: string) => findContract(type)?.ports.outputs.some(({ name }) => name === "message");
  return triggers.every(({ type }) => listens(type)) ? "chat" : "button";
}

/** Saves the canvas and starts a run: the server runs the saved version. */
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

const isBusy = (phase: string): boolean =>
  phase === "starting" || phase === "following" || phase === "cancelling";

/** What the Run button and its key do: run, ask for a message, or show the problems. */
export function useRun(): { busy: boolean; run: () => void } {
  const { editor, runs } = useOpenWorkflow();
  const busy = useStore(runs.store, (state) => isBusy(state.phase));
  const mayRun = useMay("runs:write");
  const { trigger, start } = useStartRun();
  const run = useCallback(() => {
    if (!mayRun || isBusy(runs.store.getState().phase)) return;
    const [problem] = validateWorkflow(editor.store.getState().history.present);
    if (problem) {
      if (!openProblems()) showToast({ text: problem.message, tone: "warning" });
      return;
    }
    if (trigger !== "chat") return void start(undefined);
    // A workflow that starts with a message runs from the chat; the button leads there.
    flushSync(() => runs.store.setState({ chatOpen: true, tab: "chat" }));
    document.getElementById("chat-input")?.focus();
    runs.askForMessage(true);
  }, [editor, mayRun, runs, trigger, start]);
  return { busy, run };
}
