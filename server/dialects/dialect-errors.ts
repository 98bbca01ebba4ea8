import type { FastifyReply } from "fastify";
import type { PluginError } from "../../plugin/plugin-error.ts";
import { beginRefusal } from "../request/reply.ts";

/** How a dialect says what went wrong: its own shape and its own words, from our coded error. */
export type ShapeError = (error: PluginError) => { readonly status: number; readonly body: object };

/** Answers in a dialect's shape. The log gets the cause, as everywhere. */
export function sendInDialect(shape: ShapeError, thrown: unknown, reply: FastifyReply): FastifyReply {
  const error = beginRefusal(thrown, reply);
  if (!error) return reply;
  const { status, body } = shape(error);
  return reply.status(status).type("application/json; charset=utf-8").send(JSON.stringify(body));
}

/** The sentence of an error, with its fields: names and reasons, never values. */
export const sentenceOf = ({ message, fields }: PluginError): string =>
  fields === undefined
    ? message
    : `${message} ${fields.map(({ field, problem }) => `${field}: ${problem}`).join(" ")}`;
