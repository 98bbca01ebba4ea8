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
 * Says on the canvas element whether one is too far away to read. The style sheet then draws cards as plain
 * blocks: what a browser spends on a drag grows with everything it has to put in layers, readable or not.
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

/** Called by every card; the first one on a canvas starts to watch its zoom, the last one stops. */
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
