import type { FastifyReply, FastifyRequest } from "fastify";
import type { PluginError } from "../../plugin/plugin-error.ts";
import { dataHeaders, endIfGone, toPluginError } from "../request/errors.ts";

/** How a dialect says what went wrong: its own shape and its own words, from our coded error. */
export type ShapeError = (error: PluginError) => { readonly status: number; readonly body: object };

/** Answers in a dialect's shape. The log gets the cause, as everywhere. */
export function sendInDialect(
  shape: ShapeError,
  thrown: unknown,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): FastifyReply {
  if (endIfGone(thrown, request, reply)) return reply;
  const error = toPluginError(thrown);
  if (error.status >= 500)
    request.log.error({ code: error.code, request: request.id, err: error.cause }, "request failed");
  if (error.retryAfterSeconds !== undefined) reply.header("retry-after", String(error.retryAfterSeconds));
  if (error.code === "UNAUTHENTICATED") reply.header("www-authenticate", 'Bearer realm="totem"');
  const { status, body } = shape(error);
  return reply
    .headers(dataHeaders)
    .status(status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(body));
}

/** The sentence of an error, with its fields: names and reasons, never values. */
export const sentenceOf = ({ message, fields }: PluginError): string =>
  fields === undefined
    ? message
    : `${message} ${fields.map(({ field, problem }) => `${field}: ${problem}`).join(" ")}`;
