import { type RunEvent, runEvent } from "../../../plugin/api/runs.ts";
import { readEventStream } from "../api/event-stream.ts";

export interface PacedReleaseOptions<T> {
  /** How long an item stays the newest before the next is released. */
  readonly holdMs: (item: T) => number;
  /** No item waits longer than this, however many there are: what is shown must not fall behind. */
  readonly longestWaitMs: number;
  readonly release: (items: readonly T[]) => void;
}

export interface PacedRelease<T> {
  readonly take: (item: T) => void;
  readonly stop: () => void;
}

/**
 * Releases a burst at a pace that the eye can follow. A scripted run is over in a few milliseconds;
 * people should still see which node worked when.
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
    // Items within one frame are released together, and in a burst every third frame is enough.
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

export interface FollowOptions {
  readonly url: string;
  /** Events in order, each once; several at a time when they come fast. */
  readonly onEvents: (events: readonly RunEvent[]) => void;
  /** False while the stream is being opened again. */
  readonly onConnected: (connected: boolean) => void;
  /** The stream ended for good; the run must be read again. */
  readonly onLost: () => void;
}

/** How long each event is shown before the next: a started node for a moment, a message until it has moved along its edge. */
const heldMs: Partial<Record<RunEvent["type"], number>> = {
  "run.started": 140,
  "node.started": 140,
  "tool.started": 140,
  "tool.message_arrived": 900,
};

/** Follows a run's events until it ends. */
export function followRun({ url, onEvents, onConnected, onLost }: FollowOptions): () => void {
  const stream = new AbortController();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const paced = createPacedRelease<RunEvent>({
    holdMs: ({ type }) => (still ? 0 : (heldMs[type] ?? 30)),
    longestWaitMs: still ? 0 : 1_600,
    release: onEvents,
  });
  let lastSeq = -1;

  const onData = (data: string) => {
    const parsed = runEvent.safeParse(readJson(data));
    if (!parsed.success || parsed.data.seq <= lastSeq) return;
    lastSeq = parsed.data.seq;
    if (/^run\.(succeeded|failed|cancelled)$/.test(parsed.data.type)) stream.abort();
    paced.take(parsed.data);
  };
  void readEventStream(url, { signal: stream.signal, onData, onConnected, onLost });
  return () => {
    paced.stop();
    stream.abort();
  };
}

function readJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
