import type { Arrival } from "./card-states.tsx";

/** An envelope that comes along an edge; it stands in its middle while nobody knows which code is meant. */
export const ArrivalMark = ({ arrival: { kind }, path }: { arrival: Arrival; path: string }) => (
  <g className="totem-arrival" data-kind={kind} style={{ offsetPath: `path("${path}")` }} aria-hidden>
    <rect x={-10} y={-7} width={20} height={14} rx={3.5} />
    <path
      d={kind === "ambiguous" ? "M-1.8-2.6a2 2 0 1 1 2.6 2.4q-.8.3-.8 1.2M0 3.6v.2" : "M-6.5-3 0 1.5 6.5-3"}
    />
  </g>
);
