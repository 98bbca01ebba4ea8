import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { RunEvent } from "../../plugin/api/runs.ts";

/** Proxies close connections that say nothing for a minute. */
const silenceMilliseconds = 15_000;

/** Sends run events as server-sent events (HTML Standard section 9.2): `id` is the sequence number, `event` the type. */
export function streamEvents(
  reply: FastifyReply,
  events: AsyncIterable<RunEvent>,
  abort: AbortController,
): FastifyReply {
  let resume = (): void => {};
  const stream = new Readable({ read: () => resume() });
  const keepAlive = setInterval(() => stream.push(": still here\n\n"), silenceMilliseconds);
  // A comment at once, so that the browser knows the stream is open before anything happens.
  stream.push(": open\n\n");
  reply.raw.once("close", () => {
    abort.abort();
    resume();
  });

  /** Waits where the reader is slower than the run, so that what it has not read yet stays in the database. */
  const push = (text: string): Promise<void> | undefined => {
    if (stream.push(text) || abort.signal.aborted) return undefined;
    return new Promise((resolve) => {
      resume = resolve;
    });
  };
  const send = async (): Promise<void> => {
    for await (const event of events)
      await push(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  send()
    // The client comes back by itself with the last id it saw.
    .catch((error: unknown) => {
      if (!abort.signal.aborted)
        reply.log.warn({ err: error, request: reply.request.id }, "an event stream was cut");
    })
    .finally(() => {
      clearInterval(keepAlive);
      stream.push(null);
    });
  return reply.type("text/event-stream; charset=utf-8").header("x-accel-buffering", "no").send(stream);
}
