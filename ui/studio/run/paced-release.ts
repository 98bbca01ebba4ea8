export interface PacedReleaseOptions<T> {
  /** How long an item stays the newest before the next is let through. */
  readonly holdMs: (item: T) => number;
  /** No item waits longer than this, however many there are: the picture may not fall behind. */
  readonly longestWaitMs: number;
  readonly release: (items: readonly T[]) => void;
}

export interface PacedRelease<T> {
  readonly take: (item: T) => void;
  readonly stop: () => void;
}

/**
 * Lets a burst through at a pace the eye can follow. A scripted run is over in a few milliseconds;
 * whoever watches should still see which node worked when.
 */
export function createPacedRelease<T>({
  holdMs,
  longestWaitMs,
  release,
}: PacedReleaseOptions<T>): PacedRelease<T> {
  let waiting: { readonly item: T; readonly since: number }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const next = () => {
    timer = undefined;
    if (waiting.length === 0) return;
    const overdue = Date.now() - longestWaitMs;
    const keep = waiting.findIndex(({ since }, index) => index > 0 && since > overdue);
    const items = (keep === -1 ? waiting : waiting.slice(0, keep)).map(({ item }) => item);
    waiting = keep === -1 ? [] : waiting.slice(keep);
    // What comes within a frame is told together in any case, and in a storm every third frame is enough.
    timer = setTimeout(next, Math.max(items.length > 1 ? 50 : 16, ...items.slice(-1).map(holdMs)));
    release(items);
  };

  return {
    take: (item) => {
      waiting.push({ item, since: Date.now() });
      if (timer === undefined) next();
    },
    stop: () => clearTimeout(timer),
  };
}
