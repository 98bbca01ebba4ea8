import type { Place } from "../editor/graph-edits.ts";
import { cardSize } from "./card-size.ts";

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
