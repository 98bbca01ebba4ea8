import { useEffect, useMemo } from "react";
import { useMinimap } from "../canvas/useMinimap.ts";
import { wholeView } from "../canvas/whole-view.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import { useDeleteSelected } from "../editor/useDeleteSelected.ts";
import { useDuplicate } from "../editor/useDuplicate.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { askFromFocus } from "../quick-add/ask-to-add.ts";
import { useRun } from "../run/useRun.ts";
import { useReactFlow } from "../xyflow.ts";
import { isElsewhere } from "./is-elsewhere.ts";
import { closeTool, openTool } from "./open-tool.ts";
import { type HandledShortcut, shortcutOf } from "./shortcuts.ts";

/** The one listener for the keys of the table. */
export function useShortcuts(): void {
  const editor = useEditor();
  const flow = useReactFlow();
  const deleteSelected = useDeleteSelected();
  const duplicate = useDuplicate();
  const narrow = useIsNarrow();
  const { run } = useRun();
  const { toggle: toggleMap } = useMinimap();
  const actions = useMemo(
    (): Record<HandledShortcut, () => void> => ({
      run,
      save: () => void editor.saving.flush(),
      undo: editor.undo,
      redo: editor.redo,
      add: () => openTool({ name: "add", ask: askFromFocus(editor) }),
      find: () => openTool({ name: "find" }),
      delete: deleteSelected,
      duplicate,
      "select-all": editor.selectAll,
      tidy: () => void editor.tidy(),
      deselect: () => {
        // Also what was asked for and is still on its way here.
        closeTool();
        editor.select(undefined);
      },
      sheet: () => openTool({ name: "sheet" }),
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
