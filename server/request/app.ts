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
import type { AuthenticatedCaller, PersonCaller } from "../access/caller.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** The public key that signed a request which brings it. */
    signedBy?: string;
    /** The confirmed key pair that signed this request, where its installation signs. */
    keyPairId?: string;
    /** Throws if its session, key, token or key pair would not let it in any more: for what waited, right before its answer. */
    requireAdmitted?: () => Promise<void>;
    caller?: AuthenticatedCaller;
    /** Why no caller was found, where there is more to say than that. */
    unauthenticated?: PluginError;
    /** Aborted when its session or key ends while it is being answered. */
    ended?: AbortSignal;
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

/** The person who calls. What is a person's own, a program has not. */
export function personOf(request: FastifyRequest): PersonCaller {
  const caller = callerOf(request);
  if (caller.kind !== "person") throw new PluginError("FORBIDDEN", { message: "Only people have this." });
  return caller;
}
