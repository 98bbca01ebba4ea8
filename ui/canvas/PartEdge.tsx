import type { FlowEdgeProps, FlowLibrary } from "../flow-library.ts";
import { useEdgeStatus } from "./card-states.tsx";

export interface PartEdgeProps<Side> extends FlowEdgeProps<Side> {
  readonly flow: FlowLibrary<Side>;
}

/** Every edge: its label gives it the colour of its diamonds, the run gives it its state. */
export function PartEdge<Side>({ id, label, selected, flow, ...ends }: PartEdgeProps<Side>) {
  const status = useEdgeStatus(id);
  const [path] = flow.getBezierPath({
    sourceX: ends.sourceX,
    sourceY: ends.sourceY,
    sourcePosition: ends.sourcePosition,
    targetX: ends.targetX,
    targetY: ends.targetY,
    targetPosition: ends.targetPosition,
  });
  const kind = label === "tool" || label === "llm" ? label : "flow";
  return (
    <g
      className="totem-edge"
      data-edge-kind={kind}
      data-status={status}
      data-selected={selected ? "" : undefined}
    >
      <path className="react-flow__edge-path totem-edge__line" d={path} fill="none" />
      {/* Wide and unseen, so that a thin line is easy to hit. */}
      <path
        className="react-flow__edge-interaction"
        d={path}
        fill="none"
        strokeOpacity={0}
        strokeWidth={20}
      />
    </g>
  );
}
