import { useEffect, useMemo } from "react";
import { useMinimap } from "../canvas/CanvasMap.tsx";
import { useEditor } from "../editor/EditorContext.tsx";
import { isElsewhere } from "../editor/focus-part.ts";
import { closeOverlay, openOverlay } from "../editor/overlay.ts";
import { wholeView } from "../editor/positions.ts";
import { useDeleteSelected, useDuplicate } from "../editor/selection-commands.ts";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { useRun } from "../editor/useRun.ts";
import { type HandledShortcut, shortcutOf } from "../keys/shortcuts.ts";
import { askFromFocus } from "../quick-add/ask-to-add.ts";
import { useReactFlow } from "../xyflow.ts";

/** The one listener for the keys of the table. */
export function useShortcuts(): void {
  const editor = useEditor();
  const flow = useReactFlow();
  const deleteSelected = useDeleteSelected();
  const duplicate = useDuplicate();
  const readOnly = useReadOnly() !== undefined;
  const { run } = useRun();
  const { toggle: toggleMap } = useMinimap();
  const actions = useMemo(
    (): Record<HandledShortcut, () => void> => ({
      run,
      save: () => void editor.saving.flush(),
      undo: editor.undo,
      redo: editor.redo,
      add: () => openOverlay({ name: "add", ask: askFromFocus(editor) }),
      find: () => openOverlay({ name: "find" }),
      delete: deleteSelected,
      duplicate,
      "select-all": editor.selectAll,
      tidy: () => void editor.tidy(),
      deselect: () => {
        // Also an overlay that was asked for and is still loading.
        closeOverlay();
        editor.select(undefined);
      },
      sheet: () => openOverlay({ name: "sheet" }),
      fit: () => void flow.fitView(wholeView),
      "zoom-in": () => void flow.zoomIn(),
      "zoom-out": () => void flow.zoomOut(),
      minimap: toggleMap,
    }),
    [editor, flow, deleteSelected, duplicate, run, toggleMap],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return;
      const id = shortcutOf(event, readOnly);
      if (id === undefined) return;
      actions[id]();
      // Escape also closes what the browser has open.
      if (id !== "deselect") event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [actions, readOnly]);
}
