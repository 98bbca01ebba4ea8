import type { FastifyRequest, RouteOptions } from "fastify";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Actor } from "../audit/audit-log.ts";
import type { Authenticate, Credentials } from "./authenticate.ts";
import { actorOf, hasScope, type Principal } from "./principal.ts";

/** Who may use a route. Every route says so. */
export interface Access {
  /** `public`: anyone. `anyone`: any principal. Otherwise one of these scopes. */
  readonly may: "public" | "anyone" | readonly Scope[];
  /** What an agent user needs here: its key, a session made from key and code, or it may not come at all. */
  readonly agent?: "key" | "session";
}

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    principal?: Principal;
  }
}

export const sessionCookie = "__Host-totem";

export function credentialsOf(request: FastifyRequest): Credentials {
  const [, bearer] = /^Bearer ([\x21-\x7e]{1,1000})$/i.exec(request.headers.authorization ?? "") ?? [];
  return { bearer, cookie: request.cookies?.[sessionCookie] };
}

/** A route without a declaration is a mistake found at start, not in production. */
export function requireAccess(route: RouteOptions): void {
  if (!route.config?.access) throw new Error(`The route ${route.method} ${route.url} declares no access.`);
}

const changesNothing = new Set(["GET", "HEAD", "OPTIONS"]);

/** Authenticate and authorize, before the body is read. */
export const allowOrRefuse =
  (authenticate: Authenticate) =>
  async (request: FastifyRequest): Promise<void> => {
    const access = request.routeOptions.config.access;
    if (!access || access.may === "public") return;
    const credentials = credentialsOf(request);
    const principal = await authenticate(credentials);
    request.principal = principal;
    // A browser sends the cookie by itself; a header of our own proves that the studio sent the request.
    if (
      principal.kind === "person" &&
      !changesNothing.has(request.method) &&
      request.headers["x-totem-csrf"] === undefined
    ) {
      throw new PluginError("CSRF_PROOF_MISSING");
    }
    if (access.may !== "anyone" && !access.may.some((scope) => hasScope(principal, scope)))
      throw new PluginError("FORBIDDEN");
    if (principal.kind === "agent_user") {
      if (access.agent === undefined) throw new PluginError("FORBIDDEN");
      if (access.agent === "session" && !principal.session) {
        throw new PluginError("FORBIDDEN", {
          message: "Open a session with your key and a code first: POST /api/v1/auth/session.",
        });
      }
    }
  };

/** The principal of a route that is not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new PluginError("UNAUTHENTICATED");
  return request.principal;
}

/** The workspace every query of this request is filtered by, and who asks. */
export function callerOf(request: FastifyRequest): {
  workspaceId: string;
  actor: Actor;
  principal: Principal;
} {
  const principal = principalOf(request);
  return { workspaceId: principal.workspaceId, actor: actorOf(principal, request.ip), principal };
}
