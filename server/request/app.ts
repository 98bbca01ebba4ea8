import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Access } from "../access/authorize.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    caller?: AuthenticatedCaller;
  }
}

/** What routes are added to. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Who calls a route that is not public. Every query of the request is filtered by this caller's workspace. */
export function callerOf(request: FastifyRequest): AuthenticatedCaller {
  if (!request.caller) throw new PluginError("UNAUTHENTICATED");
  return request.caller;
}
