/** A listener that is called at every whole second of the server's clock. */
export interface SecondListener {
  readonly offsetMs: number;
  readonly tick: (now: number) => void;
}

/** What a ticker needs of its page. A test passes its own. */
export interface TickerPage {
  readonly now: () => number;
  readonly setTimer: (run: () => void, ms: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
  readonly isHidden: () => boolean;
  readonly onVisibility: (listener: () => void) => () => void;
}

export interface SecondTicker {
  readonly listen: (listener: SecondListener) => () => void;
}

/**
 * One timer for all rings on the page: one animation a ring would repaint every frame. It stops
 * while the page is hidden and while it has no listener.
 */
export function createSecondTicker(
  page: TickerPage,
  untilNext: (now: number, offsetMs: number) => number,
): SecondTicker {
  const listeners = new Set<SecondListener>();
  let timer: unknown;
  let stopWatching: (() => void) | undefined;

  const rest = () => {
    if (timer !== undefined) page.clearTimer(timer);
    timer = undefined;
  };
  const schedule = () => {
    rest();
    if (page.isHidden() || listeners.size === 0) return;
    const now = page.now();
    let wait = Infinity;
    for (const { offsetMs } of listeners) wait = Math.min(wait, untilNext(now, offsetMs));
    timer = page.setTimer(tick, wait);
  };
  const tick = () => {
    const now = page.now();
    for (const listener of listeners) listener.tick(now);
    schedule();
  };

  return {
    listen: (listener) => {
      listeners.add(listener);
      listener.tick(page.now());
      stopWatching ??= page.onVisibility(() => (page.isHidden() ? rest() : tick()));
      if (timer === undefined || listeners.size === 1) schedule();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        rest();
        stopWatching?.();
        stopWatching = undefined;
      };
    },
  };
}
