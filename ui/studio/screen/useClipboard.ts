import { useEffect } from "react";
import { useRevealSelected } from "../canvas/canvas-view.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import type { Editor } from "../editor/editor-store.ts";
import { serversOf } from "../editor/edits/transfer.ts";
import { isElsewhere } from "../editor/focus-part.ts";
import { useDeleteSelected } from "../editor/selection-commands.ts";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { showToast } from "../kit/toasts.ts";

const nodesWord = (count: number): string => (count === 1 ? "1 node" : `${count} nodes`);

/** What is selected, as it would be saved. */
function selectedOf(editor: Editor) {
  const { nodes, history } = editor.store.getState();
  const ids = new Set(nodes.filter(({ selected }) => selected).map(({ id }) => id));
  return history.present.nodes.filter(({ id }) => ids.has(id));
}

/** The browser's own copy, cut and paste, for nodes. Text that is selected on the page stays the browser's. */
export function useClipboard(): void {
  const editor = useEditor();
  const deleteSelected = useDeleteSelected();
  const revealSelected = useRevealSelected();
  const readOnly = useReadOnly() !== undefined;
  useEffect(() => {
    const take = (event: ClipboardEvent): boolean => {
      if (event.defaultPrevented || isElsewhere(event.target)) return false;
      if ((document.getSelection()?.toString() ?? "") !== "") return false;
      const text = editor.copySelected();
      if (text === "") return false;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      return true;
    };
    const copy = (event: ClipboardEvent) => {
      if (!take(event)) return;
      const count = editor.store.getState().nodes.filter(({ selected }) => selected).length;
      showToast({ text: `${nodesWord(count)} copied.` });
    };
    const cut = (event: ClipboardEvent) => {
      if (!readOnly && take(event)) deleteSelected();
    };
    const paste = (event: ClipboardEvent) => {
      if (readOnly || event.defaultPrevented || isElsewhere(event.target)) return;
      const pasted = editor.paste(event.clipboardData?.getData("text/plain") ?? "");
      if (pasted === undefined) return;
      event.preventDefault();
      if (typeof pasted === "string") showToast({ text: pasted, tone: "warning" });
      else {
        revealSelected();
        const servers = serversOf({ nodes: selectedOf(editor) });
        const sends = servers.length === 0 ? "" : ` They send to ${servers.join(", ")}.`;
        showToast({ text: `${nodesWord(pasted)} pasted.${sends}` });
      }
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", cut);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", cut);
      document.removeEventListener("paste", paste);
    };
  }, [editor, deleteSelected, revealSelected, readOnly]);
}
