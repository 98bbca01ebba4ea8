import { useCallback } from "react";
import { findCard } from "../../../plugin/node-cards.ts";
import { useEditor } from "./EditorContext.tsx";
import { labelOf } from "./graph-edits.ts";
import { offerUndo } from "./offer-undo.ts";

/** Deletes what is selected and offers to take it back. */
export function useDeleteSelected(): () => void {
  const editor = useEditor();
  return useCallback(() => {
    const { history, nodes } = editor.store.getState();
    const first = history.present.nodes.find((node) =>
      nodes.some(({ id, selected }) => selected && id === node.id),
    );
    const removed = editor.removeSelected();
    if (removed.nodes + removed.edges === 0) return;
    // What had the focus is going; without this it would fall to the page.
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
