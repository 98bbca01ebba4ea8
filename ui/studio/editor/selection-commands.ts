import { useCallback } from "react";
import { findCard } from "../../../plugin/node-cards.ts";
import { dismissToast, showToast } from "../kit/toasts.ts";
import { useEditor } from "./EditorContext.tsx";
import type { Editor } from "./editor-store.ts";
import { labelOf } from "./graph-edits.ts";

/** Deletes the selected parts and offers to undo it. */
export function useDeleteSelected(): () => void {
  const editor = useEditor();
  return useCallback(() => {
    const { history, nodes } = editor.store.getState();
    const first = history.present.nodes.find((node) =>
      nodes.some(({ id, selected }) => selected && id === node.id),
    );
    const removed = editor.removeSelected();
    if (removed.nodes + removed.edges === 0) return;
    // The focused part is removed; without this the focus would fall to the page.
    document.querySelector<HTMLElement>(".react-flow")?.focus();
    const what =
      removed.nodes === 0
        ? `${removed.edges === 1 ? "Edge" : `${removed.edges} edges`} deleted.`
        : removed.nodes === 1 && first
          ? `${labelOf(first)} deleted.`
          : `${removed.nodes} nodes deleted.`;
    const gone = history.present.nodes.filter((node) =>
      nodes.some(({ id, selected }) => selected && id === node.id),
    );
    const agents = gone.filter(({ type }) => findCard(type)?.kind === "agent").length;
    const accounts =
      agents === 0
        ? ""
        : agents === 1
          ? " An account it has is disabled."
          : " Accounts they have are disabled.";
    offerUndo(editor, what + accounts);
  }, [editor]);
}

/** Duplicates the selected nodes. If the canvas is full, a message says so. */
export function useDuplicate(): () => void {
  const editor = useEditor();
  return useCallback(() => {
    const made = editor.duplicateSelected();
    if (typeof made === "string") showToast({ text: made, tone: "warning" });
  }, [editor]);
}

/** Says what was just done and offers to undo it. The next change withdraws the offer. */
export function offerUndo(editor: Editor, text: string): void {
  const { present } = editor.store.getState().history;
  const id = showToast({ text, action: { label: "Undo", run: editor.undo } });
  const stop = editor.store.subscribe(({ history }) => {
    if (history.present === present) return;
    stop();
    dismissToast(id);
  });
}
