import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { isResponseSerializationError } from "fastify-type-provider-zod";
import type { Problem } from "../../plugin/api/problem.ts";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import { isDatabaseAway } from "../database/is-database-away.ts";
import { asUnstorableText } from "../redaction/storable-text.ts";

/** Turns whatever was thrown into one of our coded errors. */
export function toPluginError(error: unknown): PluginError {
  if (error instanceof PluginError) return error;
  const code = (error as Partial<FastifyError>)?.code;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new PluginError("BODY_TOO_LARGE");
  if (error instanceof Error && isResponseSerializationError(error))
    return new PluginError("INTERNAL", { cause: error });
  if (typeof code === "string" && code.startsWith("FST_ERR_CTP")) {
    return new PluginError("INPUT_INVALID", {
      message: "Send a JSON body with content-type application/json.",
      fields: [{ field: "body", problem: "Not readable as JSON." }],
    });
  }
  const unstorable = asUnstorableText(error);
  if (unstorable) return unstorable;
  const status = (error as Partial<FastifyError>)?.statusCode;
  if (status === 400)
    return new PluginError("INPUT_INVALID", {
      message: "The request cannot be read.",
      fields: [{ field: "body", problem: "Not readable as JSON." }],
    });
  // What the static files refuse, such as a path that climbs out of their folder, and a parameter longer than
  // any of ours are simply not there.
  if (status === 404 || status === 403 || status === 414) return new PluginError("NOT_FOUND");
  return isDatabaseAway(error)
    ? new PluginError("DATABASE_UNAVAILABLE", { cause: error })
    : asPluginError(error);
}

/** Answers may hold a key or a code: they are kept nowhere, and taken for nothing but data. */
export const dataHeaders = {
  "cache-control": "no-store",
  pragma: "no-cache",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/** RFC 9457. The instance is the request's id, which is also in the log; the path is not repeated. */
export function toProblem(error: PluginError, requestId: string): Problem {
  return {
    type: `urn:totem:error:${error.code}`,
    title: error.message,
    status: error.status,
    code: error.code,
    instance: `urn:totem:request:${requestId}`,
    retryable: error.retryable,
    ...(error.fields ? { errors: [...error.fields] } : {}),
    ...(error.details ?? {}),
  };
}

/**
 * Whether this is only that whoever asked has left, and what was done for them was ended. That is no error, and nobody
 * is there to be answered: it is noted, and the reply is closed.
 */
export function endIfGone(error: unknown, request: FastifyRequest, reply: FastifyReply): boolean {
  const cause = error instanceof PluginError && error.code === "INTERNAL" ? error.cause : error;
  const isGone = reply.raw.destroyed || reply.raw.closed;
  if (!isGone || !(cause instanceof Error) || cause.name !== "AbortError") return false;
  request.log.debug({ request: request.id }, "client left");
  reply.hijack();
  return true;
}

export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  more: object = {},
): FastifyReply {
  if (endIfGone(error, request, reply)) return reply;
  const known = toPluginError(error);
  if (known.status >= 500)
    request.log.error({ code: known.code, request: request.id, err: known.cause }, "request failed");
  if (known.retryAfterSeconds !== undefined) reply.header("retry-after", String(known.retryAfterSeconds));
  if (known.code === "UNAUTHENTICATED") reply.header("www-authenticate", 'Bearer realm="totem"');
  // Also here: an address that cannot be read is answered before any hook runs.
  return reply
    .headers(dataHeaders)
    .status(known.status)
    .type("application/problem+json")
    .send(JSON.stringify({ ...toProblem(known, request.id), ...more }));
}
