import { type RunEvent, runEvent, runEventType } from "../../../plugin/api/runs.ts";
import { createPacedRelease } from "./paced-release.ts";

export interface FollowOptions {
  readonly url: string;
  /** Events in order, each once; several at a time when they come fast. */
  readonly onEvents: (events: readonly RunEvent[]) => void;
  /** False while the browser is trying to get the stream back. */
  readonly onConnected: (connected: boolean) => void;
  /** The stream was refused for good; the run's state has to be asked for. */
  readonly onLost: () => void;
}

/** A light that goes on is held for a moment, a message until it has come along its edge; all else may pass. */
const heldMs: Partial<Record<RunEvent["type"], number>> = {
  "run.started": 140,
  "node.started": 140,
  "tool.started": 140,
  "tool.message_arrived": 900,
};

/** Follows a run's events until it ends. The browser itself reconnects and sends Last-Event-ID. */
export function followRun({ url, onEvents, onConnected, onLost }: FollowOptions): () => void {
  const source = new EventSource(url);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const paced = createPacedRelease<RunEvent>({
    holdMs: ({ type }) => (still ? 0 : (heldMs[type] ?? 30)),
    longestWaitMs: still ? 0 : 1_600,
    release: onEvents,
  });
  let lastSeq = -1;

  const take = (message: MessageEvent<string>) => {
    const parsed = runEvent.safeParse(readJson(message.data));
    if (!parsed.success || parsed.data.seq <= lastSeq) return;
    lastSeq = parsed.data.seq;
    if (/^run\.(succeeded|failed|cancelled)$/.test(parsed.data.type)) source.close();
    paced.take(parsed.data);
  };
  for (const type of runEventType.options) source.addEventListener(type, take);
  source.onopen = () => onConnected(true);
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) onLost();
    else onConnected(false);
  };
  return () => {
    paced.stop();
    source.close();
  };
}

function readJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
