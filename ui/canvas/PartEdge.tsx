import type { FlowEdgeProps, FlowLibrary } from "../flow-library.ts";
import { ArrivalMark } from "./ArrivalMark.tsx";
import { useArrivalOf, useEdgeStatus } from "./card-states.tsx";
import { EdgeIdentity } from "./EdgeIdentity.tsx";
import { ownerColours, useIdentityOf, useIsEdgeDimmed } from "./identity-states.tsx";
import { pointOn } from "./point-on-path.ts";

export interface PartEdgeProps<Side> extends FlowEdgeProps<Side> {
  readonly flow: FlowLibrary<Side>;
}

/** How far from its tool the key sits on a tool edge: clear of the agent's "+". */
const keyAt = 0.3;

/** Every edge: its label gives it the colour of its diamonds, the run gives it its state. */
export function PartEdge<Side>({ id, target, label, selected, flow, ...ends }: PartEdgeProps<Side>) {
  const status = useEdgeStatus(id);
  const arrival = useArrivalOf(id);
  const dimmed = useIsEdgeDimmed(id);
  const agent = useIdentityOf(target);
  const store = flow.useStoreApi();
  const [path] = flow.getBezierPath({
    sourceX: ends.sourceX,
    sourceY: ends.sourceY,
    sourcePosition: ends.sourcePosition,
    targetX: ends.targetX,
    targetY: ends.targetY,
    targetPosition: ends.targetPosition,
  });
  const kind = label === "tool" || label === "llm" ? label : "flow";
  // Only a tool acts under its agent's name.
  const identity = kind === "tool" ? agent : undefined;
  return (
    <g
      className="totem-edge"
      data-edge-kind={kind}
      data-status={status}
      data-selected={selected ? "" : undefined}
      data-dimmed={dimmed ? "" : undefined}
      data-owner={identity && identity.mark % ownerColours}
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
      {arrival && <ArrivalMark arrival={arrival} path={path} />}
      {identity && <EdgeIdentity identity={identity} {...pointOn(path, keyAt)} store={store} />}
    </g>
  );
}
