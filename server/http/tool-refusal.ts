import type { FastifyReply, FastifyRequest } from "fastify";
import { toToolFailure } from "../../plugin/plugin-error.ts";
import { sendProblem, toPluginError } from "./problem-response.ts";

/** The tool's own JSON, which is also a problem: a canvas reads `success`, an HTTP client the status. Faults of ours are thrown on. */
export function sendToolRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toPluginError(error);
  if (known.status >= 500) throw known;
  return sendProblem(known, request, reply, toToolFailure(known));
}
