import { useCallback } from "react";
import { showToast } from "../kit/toasts.ts";
import { useEditor } from "./EditorContext.tsx";

/** Duplicates what is selected; a canvas that is full says so. */
export function useDuplicate(): () => void {
  const editor = useEditor();
  return useCallback(() => {
    const made = editor.duplicateSelected();
    if (typeof made === "string") showToast({ text: made, tone: "warning" });
  }, [editor]);
}
