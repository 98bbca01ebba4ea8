import type { CSSProperties } from "react";
import type { HandleContract } from "../../plugin/handles.ts";
import type { FlowLibrary } from "../flow-library.ts";
import { handleKindOf, handleText } from "./card-text.ts";

export interface DiamondHandleProps<Side> {
  readonly handle: HandleContract;
  /** Where along its side, 0 to 1. */
  readonly place: number;
  readonly isConnectable: boolean | undefined;
  readonly flow: FlowLibrary<Side>;
}

/**
 * One connection point, drawn as its contract says: a diamond for an agent's parts, a circle for the
 * flow. The shape is drawn on `::before`, because React Flow places the handle with `transform`, and
 * turning the handle itself would move the end of its edges.
 */
export function DiamondHandle<Side>({ handle, place, isConnectable, flow }: DiamondHandleProps<Side>) {
  const { Handle, Position } = flow;
  const position = {
    top: Position.Top,
    right: Position.Right,
    bottom: Position.Bottom,
    left: Position.Left,
  }[handle.side];
  const along: CSSProperties | undefined =
    handle.side === "top" || handle.side === "bottom" ? { left: `${place * 100}%` } : undefined;
  return (
    <Handle
      id={handle.id}
      type={handle.type}
      position={position}
      isConnectable={isConnectable ?? true}
      className={`totem-handle totem-handle--${handle.shape} totem-handle--${handle.side}`}
      style={along}
      role="img"
      aria-label={handleText(handle)}
      title={handleText(handle)}
      data-handle-kind={handleKindOf(handle.edgeLabel)}
    />
  );
}
