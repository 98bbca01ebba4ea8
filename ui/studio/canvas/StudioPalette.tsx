import { useCallback } from "react";
import { Palette } from "../../palette/Palette.tsx";
import { useEditor } from "../editor/EditorContext.tsx";
import { findFreePosition } from "../editor/positions.ts";
import { useStoreApi } from "../xyflow.ts";
import styles from "./StudioPalette.module.css";

/** The palette beside the canvas: what is added by Enter or a click lands near the middle of the view. */
export function StudioPalette() {
  const editor = useEditor();
  const view = useStoreApi();
  const add = useCallback(
    (type: string) => {
      const {
        width,
        height,
        transform: [x, y, zoom],
      } = view.getState();
      const middle = { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom };
      const position = findFreePosition(editor.store.getState().history.present.nodes, type, middle);
      // Selected at once: without a mouse, the settings are the next step.
      editor.select(editor.addNode(type, position));
    },
    [editor, view],
  );
  return (
    <aside className={styles.palette} aria-label="Palette">
      <Palette onAdd={add} />
    </aside>
  );
}
