import type { HandleContract } from "../../../plugin/handles.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import type { XY } from "./graph-edits.ts";

/** The sizes of cards in `ui/styles.css`, for positions before the cards are drawn. An agent's size includes the part labels below it. */
export function cardSize(type: string): { width: number; height: number } {
  const { kind, shows } = findCard(type) ?? {};
  if (kind === "agent") return { width: 232, height: 116 };
  if (kind === "note") return { width: 220, height: 40 };
  if (shows) return { width: 200, height: 92 };
  return kind === "model" ? { width: 200, height: 106 } : { width: 200, height: 58 };
}

/** The view of the whole workflow. The bottom padding is for the tools at the lower left. */
export const wholeView = { padding: { x: 0.14, top: 0.14, bottom: "64px" }, maxZoom: 1 } as const;
/** With a smaller zoom no card can be read. */
export const leastZoom = 0.3;

interface CardPosition {
  readonly type: string;
  readonly position: XY;
}

const gap = 24;

const overlap = (type: string, position: XY, other: CardPosition): boolean => {
  const [own, its] = [cardSize(type), cardSize(other.type)];
  return (
    position.x < other.position.x + its.width + gap &&
    other.position.x < position.x + own.width + gap &&
    position.y < other.position.y + its.height + gap &&
    other.position.y < position.y + own.height + gap
  );
};

/** The position nearest to `center` where a card of this type covers no other, on a grid of 20. */
export function findFreePosition(nodes: readonly CardPosition[], type: string, center: XY): XY {
  const { width, height } = cardSize(type);
  const snap = (value: number) => Math.round(value / 20) * 20;
  const start = { x: snap(center.x - width / 2), y: snap(center.y - height / 2) };
  for (let ring = 0; ring < 60; ring++) {
    for (const position of ringAround(start, ring * 40))
      if (!nodes.some((node) => overlap(type, position, node))) return position;
  }
  return start;
}

/** Below first, then to the sides: workflows grow that way. */
function ringAround({ x, y }: XY, by: number): XY[] {
  if (by === 0) return [{ x, y }];
  const positions: XY[] = [];
  for (let along = 0; along <= by; along += 40)
    for (const side of along === 0 ? [0] : [along, -along])
      positions.push({ x: x + side, y: y + by }, { x: x + by, y: y + side }, { x: x - by, y: y + side });
  for (let along = 0; along <= by; along += 40) positions.push({ x: x + along, y: y - by });
  return positions;
}

/** The position at which a card's handle meets the end of a wire; without a handle, the card's middle. */
export function positionAtWireEnd(type: string, { x, y }: XY, handle: HandleContract | undefined): XY {
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
