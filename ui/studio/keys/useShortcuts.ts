import { useEffect, useMemo } from "react";
import { useMinimap } from "../canvas/useMinimap.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import { useDeleteSelected } from "../editor/useDeleteSelected.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { useRun } from "../run/useRun.ts";
import { useReactFlow } from "../xyflow.ts";
import { openHandTool } from "./hand-tools.ts";
import { type HandledShortcut, shortcutOf } from "./shortcuts.ts";

/** Keys that belong to what is being typed, to a menu or to a dialog are not the canvas's. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable], dialog, [popover]") !== null;

/** The one listener for the keys of the table. */
export function useShortcuts(): void {
  const editor = useEditor();
  const flow = useReactFlow();
  const deleteSelected = useDeleteSelected();
  const narrow = useIsNarrow();
  const { run } = useRun();
  const { toggle: toggleMap } = useMinimap();
  const actions = useMemo(
    (): Record<HandledShortcut, () => void> => ({
      run,
      save: () => void editor.saving.flush(),
      undo: editor.undo,
      redo: editor.redo,
      add: () => openHandTool({ name: "add", ask: {} }),
      find: () => openHandTool({ name: "find" }),
      delete: deleteSelected,
      deselect: () => editor.select(undefined),
      sheet: () => openHandTool({ name: "sheet" }),
      fit: () => void flow.fitView({ padding: 0.14, maxZoom: 1 }),
      "zoom-in": () => void flow.zoomIn(),
      "zoom-out": () => void flow.zoomOut(),
      minimap: toggleMap,
    }),
    [editor, flow, deleteSelected, run, toggleMap],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return;
      const id = shortcutOf(event, narrow);
      if (id === undefined) return;
      actions[id]();
      // Escape also closes what the browser has open.
      if (id !== "deselect") event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [actions, narrow]);
}
