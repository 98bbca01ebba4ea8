import type { FlowEdgeProps, FlowLibrary } from "../flow-library.ts";
import { type Arrival, useArrivalOf, useEdgeStatus } from "./card-states.tsx";
import { EdgeIdentity } from "./EdgeIdentity.tsx";
import { ownerColours, useIdentityOf, useIsEdgeDimmed } from "./identity-states.tsx";

export interface PartEdgeProps<Side> extends FlowEdgeProps<Side> {
  readonly flow: FlowLibrary<Side>;
}

/** Where the key sits on a tool edge, as a share from the tool: it must not cover the agent's "+". */
const keyAt = 0.3;

/** Draws every edge. Its label sets its colour, the run sets its status. */
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

/** An envelope that moves along an edge. It stops in the middle while it is unclear which code is meant. */
export const ArrivalMark = ({ arrival: { kind }, path }: { arrival: Arrival; path: string }) => (
  <g className="totem-arrival" data-kind={kind} style={{ offsetPath: `path("${path}")` }} aria-hidden>
    <rect x={-10} y={-7} width={20} height={14} rx={3.5} />
    <path
      d={kind === "ambiguous" ? "M-1.8-2.6a2 2 0 1 1 2.6 2.4q-.8.3-.8 1.2M0 3.6v.2" : "M-6.5-3 0 1.5 6.5-3"}
    />
  </g>
);

/** A point of a path of one cubic Bézier curve, as both flow libraries draw edges; `at` is 0 at its start, 1 at its end. */
export function pointOn(path: string, at: number): { x: number; y: number } {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = (
    path.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []
  ).map(Number);
  const rest = 1 - at;
  const mix = ([start, control1, control2, end]: readonly [number, number, number, number]) =>
    rest ** 3 * start + 3 * rest ** 2 * at * control1 + 3 * rest * at ** 2 * control2 + at ** 3 * end;
  return { x: mix([x0, x1, x2, x3]), y: mix([y0, y1, y2, y3]) };
}
