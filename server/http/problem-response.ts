import type { FastifyReply } from "fastify";
import { z } from "zod";
import { type Problem, problem } from "../../plugin/api/problem.ts";
import { type PluginError, toToolFailure } from "../../plugin/plugin-error.ts";
import { toPluginError } from "../request/errors.ts";
import { beginRefusal } from "../request/reply.ts";

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

export function sendProblem(error: unknown, reply: FastifyReply, more: object = {}): FastifyReply {
  const known = beginRefusal(error, reply);
  if (!known) return reply;
  return reply
    .status(known.status)
    .type("application/problem+json")
    .send(JSON.stringify({ ...toProblem(known, reply.request.id), ...more }));
}

/** The tool's own JSON, which is also a problem: a canvas reads `success`, an HTTP client the status. Our own faults are thrown again. */
export function sendToolRefusal(error: unknown, reply: FastifyReply): FastifyReply {
  const known = toPluginError(error);
  if (known.status >= 500) throw known;
  return sendProblem(known, reply, toToolFailure(known));
}

interface Operation {
  responses?: Record<string, unknown>;
}

/** Adds to the OpenAPI document what every route may answer instead: a problem (RFC 9457) with one of our codes. */
export function withProblems<T extends object>(document: T): T {
  const { paths = {}, components = {} } = document as {
    paths?: Record<string, Record<string, Operation>>;
    components?: Record<string, object>;
  };
  const { $schema: _version, ...schema } = z.toJSONSchema(problem, { target: "openapi-3.0" });
  const answer = {
    description: "What went wrong, with a stable code",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations))
      operation.responses = { ...operation.responses, default: answer };
  }
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...(components as { schemas?: object }).schemas, Problem: schema },
    },
  };
}
