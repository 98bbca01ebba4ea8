import { useEffect } from "react";

/** What we read of a flow library's store; both generations have it. */
export interface FlowStore {
  readonly getState: () => {
    readonly transform: readonly [x: number, y: number, zoom: number];
    readonly domNode: HTMLElement | null;
  };
  readonly subscribe: (listener: () => void) => () => void;
}

/** Below this zoom a card's text is under 5 px and only costs time. */
const farBelow = 0.36;

interface Watch {
  cards: number;
  readonly stop: () => void;
}
const watches = new WeakMap<FlowStore, Watch>();

/**
 * Marks the canvas element when the zoom is too small to read. The style sheet then draws cards as plain
 * blocks: the cost of a drag grows with every element on a layer, even if its text is too small to read.
 */
function watch(store: FlowStore): Watch {
  let canvas: HTMLElement | null = null;
  const look = () => {
    const { transform, domNode } = store.getState();
    const detail = transform[2] < farBelow ? "far" : "near";
    if (!domNode || (domNode === canvas && canvas.dataset.detail === detail)) return;
    canvas = domNode;
    canvas.dataset.detail = detail;
  };
  look();
  return { cards: 0, stop: store.subscribe(look) };
}

/** Every card calls it. The first card of a canvas starts to watch the zoom, the last one stops. */
export function useDetailLevel(store: FlowStore): void {
  useEffect(() => {
    const watching = watches.get(store) ?? watch(store);
    watches.set(store, watching);
    watching.cards++;
    return () => {
      watching.cards--;
      if (watching.cards > 0) return;
      watching.stop();
      watches.delete(store);
    };
  }, [store]);
}
