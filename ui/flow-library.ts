import type { ComponentType, CSSProperties, ReactNode } from "react";
import type { FlowStore } from "./canvas/detail-level.ts";

/** The props of a handle that our cards use. Both generations of React Flow accept them. */
export interface FlowHandleProps<Side> {
  readonly id: string;
  readonly type: "source" | "target";
  readonly position: Side;
  readonly isConnectable?: boolean;
  readonly className?: string;
  readonly style?: CSSProperties;
  readonly role?: "img";
  readonly "aria-label"?: string;
  readonly title?: string;
  readonly children?: ReactNode;
}

export interface BezierEnds<Side> {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly sourcePosition?: Side;
  readonly targetX: number;
  readonly targetY: number;
  readonly targetPosition?: Side;
}

/**
 * The few things we take from a flow library. `Side` is that library's own Position enum, which is
 * why it is a parameter: the two enums have the same values and are still different types.
 *
 * @example createNodeTypes({ Handle, Position, getBezierPath, useStoreApi }) // all four from "@xyflow/react"
 */
export interface FlowLibrary<Side> {
  readonly Handle: ComponentType<FlowHandleProps<Side>>;
  readonly Position: { readonly Top: Side; readonly Right: Side; readonly Bottom: Side; readonly Left: Side };
  readonly getBezierPath: (
    ends: BezierEnds<Side>,
  ) => [path: string, labelX: number, labelY: number, ...rest: number[]];
  readonly useStoreApi: () => FlowStore;
}

/** The props that both generations pass to a node component and that we use. */
export interface FlowNodeProps {
  readonly id: string;
  readonly data: unknown;
  readonly selected?: boolean;
  readonly isConnectable?: boolean;
}

/** The props that both generations pass to an edge component and that we use. */
export interface FlowEdgeProps<Side> extends BezierEnds<Side> {
  readonly id: string;
  readonly target: string;
  readonly label?: ReactNode;
  readonly selected?: boolean;
}
