import type { HandleContract } from "../../../plugin/handles.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import type { Place } from "./graph-edits.ts";

/** The sizes that `ui/styles.css` gives to cards, for placing them before they are drawn; an agent's with what hangs below it. */
export function cardSize(type: string): { width: number; height: number } {
  const { kind, shows } = findCard(type) ?? {};
  if (kind === "agent") return { width: 232, height: 116 };
  if (kind === "note") return { width: 220, height: 40 };
  if (shows) return { width: 200, height: 92 };
  return kind === "model" ? { width: 200, height: 106 } : { width: 200, height: 58 };
}

/** How the whole workflow is shown. The tools at the lower left lie below it. */
export const wholeView = { padding: { x: 0.14, top: 0.14, bottom: "64px" }, maxZoom: 1 } as const;
/** Smaller than this no card can be read. */
export const leastZoom = 0.3;

interface Placed {
  readonly type: string;
  readonly position: Place;
}

const gap = 24;

const overlap = (type: string, place: Place, other: Placed): boolean => {
  const [own, its] = [cardSize(type), cardSize(other.type)];
  return (
    place.x < other.position.x + its.width + gap &&
    other.position.x < place.x + own.width + gap &&
    place.y < other.position.y + its.height + gap &&
    other.position.y < place.y + own.height + gap
  );
};

/** The place nearest to `center` where a card of this type covers no other, on a grid of 20. */
export function findFreePlace(nodes: readonly Placed[], type: string, center: Place): Place {
  const { width, height } = cardSize(type);
  const snap = (value: number) => Math.round(value / 20) * 20;
  const start = { x: snap(center.x - width / 2), y: snap(center.y - height / 2) };
  for (let ring = 0; ring < 60; ring++) {
    for (const place of ringAround(start, ring * 40))
      if (!nodes.some((node) => overlap(type, place, node))) return place;
  }
  return start;
}

/** Below first, then to the sides: workflows grow that way. */
function ringAround({ x, y }: Place, by: number): Place[] {
  if (by === 0) return [{ x, y }];
  const places: Place[] = [];
  for (let along = 0; along <= by; along += 40)
    for (const side of along === 0 ? [0] : [along, -along])
      places.push({ x: x + side, y: y + by }, { x: x + by, y: y + side }, { x: x - by, y: y + side });
  for (let along = 0; along <= by; along += 40) places.push({ x: x + along, y: y - by });
  return places;
}

/** Where a card goes so that the end of a wire meets its handle; without a handle, its middle. */
export function placeAtWireEnd(type: string, { x, y }: Place, handle: HandleContract | undefined): Place {
  const { width, height } = cardSize(type);
  switch (handle?.side) {
    case "left":
      return { x, y: y - height / 2 };
    case "right":
      return { x: x - width, y: y - height / 2 };
    case "top":
      return { x: x - width / 2, y };
    case "bottom":
      return { x: x - width / 2, y: y - height };
    default:
      return { x: x - width / 2, y: y - height / 2 };
  }
}
