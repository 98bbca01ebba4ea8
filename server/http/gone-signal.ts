import type { FastifyReply } from "fastify";

/** Ends when whoever asked is gone, so that nothing waits for nobody. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => reply.raw.writableFinished || gone.abort());
  return gone.signal;
}
