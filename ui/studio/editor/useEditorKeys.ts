import { useEffect } from "react";
import { useEditor } from "./EditorContext.tsx";
import { useDeleteSelected } from "./useDeleteSelected.ts";

/** Keys that belong to what is being typed, or to a dialog, are not the canvas's. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog") !== null;

export function useEditorKeys(): void {
  const editor = useEditor();
  const deleteSelected = useDeleteSelected();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isElsewhere(event.target)) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === "z") event.shiftKey ? editor.redo() : editor.undo();
      else if (command && key === "y") editor.redo();
      else if (command && key === "s") void editor.saving.flush();
      else if (!command && (key === "delete" || key === "backspace")) deleteSelected();
      else if (key === "escape") return editor.select(undefined);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [editor, deleteSelected]);
}
