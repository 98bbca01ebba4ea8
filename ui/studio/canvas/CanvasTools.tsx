import {
  CircleHelp,
  Map as MapIcon,
  Maximize,
  Minus,
  Network,
  Plus,
  Redo2,
  Search,
  Undo2,
} from "lucide-react";
import type { ReactNode } from "react";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { openOverlay } from "../editor/overlay.ts";
import { wholeView } from "../editor/positions.ts";
import { withKey } from "../keys/shortcuts.ts";
import { IconButton } from "../kit/Button.tsx";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { useMay } from "../person/whoami.ts";
import { Panel, useReactFlow } from "../xyflow.ts";
import { useMinimap } from "./CanvasMap.tsx";
import styles from "./CanvasTools.module.css";

/** Zoom, history and the ways to look around, at the canvas's lower left. */
export function CanvasTools() {
  const editor = useEditor();
  const flow = useReactFlow();
  const narrow = useIsNarrow();
  const mayDraw = useMay("workflows:write");
  const map = useMinimap();
  const canUndo = useEditorState((state) => state.history.past.length > 0);
  const canRedo = useEditorState((state) => state.history.future.length > 0);
  return (
    <Panel position="bottom-left" className={styles.tools} data-part="canvas-tools">
      <Tool label="Zoom in" shortcut="zoom-in" onClick={() => void flow.zoomIn()}>
        <Plus size={16} aria-hidden />
      </Tool>
      <Tool label="Zoom out" shortcut="zoom-out" onClick={() => void flow.zoomOut()}>
        <Minus size={16} aria-hidden />
      </Tool>
      <Tool label="Fit the workflow" shortcut="fit" onClick={() => void flow.fitView(wholeView)}>
        <Maximize size={15} aria-hidden />
      </Tool>
      <span className={styles.gap} />
      {mayDraw && (
        <>
          <Tool label="Undo" shortcut="undo" onClick={editor.undo} disabled={!canUndo}>
            <Undo2 size={16} aria-hidden />
          </Tool>
          <Tool label="Redo" shortcut="redo" onClick={editor.redo} disabled={!canRedo}>
            <Redo2 size={16} aria-hidden />
          </Tool>
          <span className={styles.gap} />
        </>
      )}
      {mayDraw && !narrow && (
        <Tool label="Tidy up" shortcut="tidy" onClick={() => void editor.tidy()}>
          <Network size={15} aria-hidden />
        </Tool>
      )}
      <Tool label="Find a node" shortcut="find" onClick={() => openOverlay({ name: "find" })}>
        <Search size={15} aria-hidden />
      </Tool>
      {!narrow && (
        <Tool label="Map of the workflow" shortcut="minimap" pressed={map.shown} onClick={map.toggle}>
          <MapIcon size={15} aria-hidden />
        </Tool>
      )}
      <Tool label="Keyboard shortcuts" shortcut="sheet" onClick={() => openOverlay({ name: "sheet" })}>
        <CircleHelp size={15} aria-hidden />
      </Tool>
    </Panel>
  );
}

interface ToolProps {
  readonly label: string;
  readonly shortcut: string;
  readonly pressed?: boolean;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

const Tool = ({ label, shortcut, pressed, onClick, disabled = false, children }: ToolProps) => (
  <IconButton
    aria-label={label}
    title={withKey(label, shortcut)}
    aria-pressed={pressed}
    disabled={disabled}
    onClick={onClick}
  >
    {children}
  </IconButton>
);
