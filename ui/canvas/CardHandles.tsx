import { Plus } from "lucide-react";
import type { CSSProperties } from "react";
import type { HandleContract } from "../../plugin/handles.ts";
import type { FlowLibrary } from "../flow-library.ts";
import { useAddPart } from "./card-actions.tsx";
import { useIsFull } from "./card-states.tsx";
import { handleKindOf, handleText, partWords } from "./card-text.ts";

export interface DiamondHandleProps<Side> {
  readonly handle: HandleContract;
  /** Where along its side, 0 to 1. */
  readonly along: number;
  readonly isConnectable: boolean | undefined;
  readonly flow: FlowLibrary<Side>;
}

/**
 * One connection point, drawn as its contract says: a diamond for an agent's parts, a circle for the
 * flow. The shape is drawn on `::before`, because React Flow places the handle with `transform`, and
 * turning the handle itself would move the end of its edges.
 */
export function DiamondHandle<Side>({ handle, along, isConnectable, flow }: DiamondHandleProps<Side>) {
  const { Handle, Position } = flow;
  const position = {
    top: Position.Top,
    right: Position.Right,
    bottom: Position.Bottom,
    left: Position.Left,
  }[handle.side];
  const style: CSSProperties | undefined =
    handle.side === "top" || handle.side === "bottom" ? { left: `${along * 100}%` } : undefined;
  return (
    <Handle
      id={handle.id}
      type={handle.type}
      position={position}
      isConnectable={isConnectable ?? true}
      className={`totem-handle totem-handle--${handle.shape} totem-handle--${handle.side}`}
      style={style}
      role="img"
      aria-label={handleText(handle)}
      title={handleText(handle)}
      data-handle-kind={handleKindOf(handle.edgeLabel)}
    />
  );
}

export interface PartSlotProps {
  readonly nodeId: string;
  /** What the card is called. */
  readonly label: string;
  readonly handle: HandleContract;
  readonly along: number;
  readonly isConnectable: boolean | undefined;
}

/** Below a diamond that takes parts: its name, and on a short stem the "+" for one more. */
export function PartSlot({ nodeId, label, handle, along, isConnectable = true }: PartSlotProps) {
  const addPart = useAddPart();
  const full = useIsFull(nodeId, handle);
  const name = `Add ${partWords(handle.edgeLabel)} to ${label}`;
  return (
    <div
      className="totem-part"
      data-part-kind={handleKindOf(handle.edgeLabel)}
      style={{ left: `${along * 100}%` }}
    >
      {/* The handle itself says its name to a screen reader. */}
      <span className="totem-part__label" aria-hidden>
        {handle.label}
        {handle.required && <span className="totem-part__required">{" *"}</span>}
      </span>
      {addPart && isConnectable && !full && (
        <button
          type="button"
          className="totem-plus nodrag nopan nokey"
          aria-label={name}
          title={name}
          data-handle-id={handle.id}
          onClick={(event) => {
            // The click is not meant for the card.
            event.stopPropagation();
            addPart({ nodeId, handleId: handle.id });
          }}
        >
          <Plus size={12} strokeWidth={2.5} aria-hidden />
        </button>
      )}
    </div>
  );
}
