import { Maximize, Minus, Plus, Redo2, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { Panel, useReactFlow } from "../xyflow.ts";

/** Zoom and history, at the canvas's lower left. */
export function CanvasTools() {
  const editor = useEditor();
  const flow = useReactFlow();
  const canUndo = useEditorState((state) => state.history.past.length > 0);
  const canRedo = useEditorState((state) => state.history.future.length > 0);
  return (
    <Panel position="bottom-left" className="canvas-tools">
      <Tool label="Zoom in" onClick={() => void flow.zoomIn()}>
        <Plus size={16} aria-hidden />
      </Tool>
      <Tool label="Zoom out" onClick={() => void flow.zoomOut()}>
        <Minus size={16} aria-hidden />
      </Tool>
      <Tool label="Fit the workflow" onClick={() => void flow.fitView({ padding: 0.14, maxZoom: 1 })}>
        <Maximize size={15} aria-hidden />
      </Tool>
      <span className="canvas-tools__gap" />
      <Tool label="Undo (Ctrl+Z)" onClick={editor.undo} disabled={!canUndo}>
        <Undo2 size={16} aria-hidden />
      </Tool>
      <Tool label="Redo (Ctrl+Shift+Z)" onClick={editor.redo} disabled={!canRedo}>
        <Redo2 size={16} aria-hidden />
      </Tool>
    </Panel>
  );
}

interface ToolProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

const Tool = ({ label, onClick, disabled = false, children }: ToolProps) => (
  <button
    type="button"
    className="icon-button"
    aria-label={label}
    title={label}
    disabled={disabled}
    onClick={onClick}
  >
    {children}
  </button>
);
