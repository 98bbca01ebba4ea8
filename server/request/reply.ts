import type { FastifyReply } from "fastify";
import type { ErrorCode } from "../../plugin/error-codes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { asymmetric } from "../access/asymmetric.ts";
import { toPluginError } from "./errors.ts";

/** Answers may hold a key or a code: no cache stores them, and no browser takes them for anything but data. */
export const dataHeaders = {
  "cache-control": "no-store",
  pragma: "no-cache",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

export const accessEnded = (): PluginError =>
  new PluginError("UNAUTHENTICATED", { message: "The session or key of this request has ended." });

/** Ends when the client leaves or its key has ended, so that no work goes on for a client that is gone. Without a code the reason is an AbortError. */
export function goneSignal(reply: FastifyReply, code?: ErrorCode): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => reply.raw.writableFinished || gone.abort(code && new PluginError(code)));
  const { ended } = reply.request;
  return ended ? AbortSignal.any([gone.signal, ended]) : gone.signal;
}

/** Whether the client left and its work was ended. That is no error, and there is no one to answer: the reply is closed. */
function endIfGone(error: unknown, reply: FastifyReply): boolean {
  const { request } = reply;
  const cause = error instanceof PluginError && error.code === "INTERNAL" ? error.cause : error;
  const isGone = reply.raw.destroyed || reply.raw.closed;
  if (!isGone || !(cause instanceof Error) || cause.name !== "AbortError") return false;
  request.log.debug({ request: request.id }, "client left");
  reply.hijack();
  return true;
}

/**
 * Logs an error of ours and sets the headers of every refusal, in all ways in. Answers with the error to send;
 * undefined where the client is gone.
 */
export function beginRefusal(thrown: unknown, reply: FastifyReply): PluginError | undefined {
  if (endIfGone(thrown, reply)) return undefined;
  const { request } = reply;
  const error = request.ended?.aborted ? accessEnded() : toPluginError(thrown);
  if (error.status >= 500)
    request.log.error({ code: error.code, request: request.id, err: error.cause }, "request failed");
  if (error.retryAfterSeconds !== undefined) reply.header("retry-after", String(error.retryAfterSeconds));
  if (error.code === "UNAUTHENTICATED") reply.header("www-authenticate", 'Bearer realm="totem"');
  if (error.code === "PROOF_OF_KEY_REFUSED")
    reply.header(
      "www-authenticate",
      `DPoP realm="totem", error="invalid_dpop_proof", algs="${asymmetric.join(" ")}"`,
    );
  // Also here: an address that cannot be read is answered before any hook runs.
  reply.headers(dataHeaders);
  return error;
}
