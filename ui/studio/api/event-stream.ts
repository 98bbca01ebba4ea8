import { EventSourceParserStream } from "eventsource-parser/stream";
import { setLapsed } from "../session.ts";
import { reach } from "./request.ts";

export interface EventStreamOptions {
  readonly signal: AbortSignal;
  /** The data of one event. */
  readonly onData: (data: string) => void;
  /** False while the stream is being opened again. */
  readonly onConnected: (connected: boolean) => void;
  /** The server does not give this stream. */
  readonly onLost: () => void;
}

const againAfterMs = 1_000;

/**
 * Reads server-sent events until the signal ends it. The browser's own EventSource cannot send a header, so a session
 * could not be proved. Like it, this opens the stream again by itself, after the last event that came.
 */
export async function readEventStream(path: string, options: EventStreamOptions): Promise<void> {
  const { signal, onConnected, onLost } = options;
  let lastId: string | undefined;
  while (!signal.aborted) {
    const headers = { accept: "text/event-stream", ...(lastId ? { "last-event-id": lastId } : {}) };
    const response = await reach(path, { headers, signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (response?.ok && response.body) {
      onConnected(true);
      lastId = (await readEvents(response.body, options)) ?? lastId;
    } else if (response && response.status < 500) {
      if (response.status === 401) setLapsed(true);
      return onLost();
    }
    if (signal.aborted) return;
    onConnected(false);
    await pause(signal);
  }
}

/** Answers with the id of the last event, once the connection has ended. */
async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { signal, onData }: EventStreamOptions,
): Promise<string | undefined> {
  let lastId: string | undefined;
  const reader = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (signal.aborted) return lastId;
      lastId = part.value.id ?? lastId;
      onData(part.value.data);
    }
  } catch {
    // The connection broke. What came before it did counts.
  }
  return lastId;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, againAfterMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
