import type { HandleContract } from "../../../plugin/handles.ts";
import { cardSize } from "../canvas/card-size.ts";
import type { Place } from "../editor/graph-edits.ts";

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
