import type { FastifyRequest, RouteOptions } from "fastify";
import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Authenticate, Credentials } from "../access/authenticate.ts";
import { type AuthenticatedCaller, type Caller, hasScope } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken } from "../secrets/bearer-token.ts";

/** Who may use a route. Every route says so. */
export interface Access {
  /** `public`: anyone. `anyone`: any caller. Otherwise one of these scopes. */
  readonly may: "public" | "anyone" | readonly Scope[];
  /** What an agent user needs here: its key, a session made from key and code, or it may not come at all. */
  readonly agent?: "key" | "session";
  /** Headers a dialect's clients send their key in when they send no bearer token. */
  readonly keyHeaders?: readonly string[];
  /** Only a key of scope hosts:call, which speaks for one host instance; not an administrator's. */
  readonly host?: true;
  /** The parameter of the path that holds the token, for callers that cannot set headers. Then nothing else counts. */
  readonly pathToken?: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    caller?: AuthenticatedCaller;
  }
}

export const sessionNeeded = "Open a session with your key and a code first: POST /api/v1/auth/session.";
export const sessionCookie = "__Host-totem";

const remembered = new WeakMap<FastifyRequest, Credentials | undefined>();

/** What a request brings, if anything. Read and hashed once. */
function credentialsOf(request: FastifyRequest): Credentials | undefined {
  if (!remembered.has(request)) remembered.set(request, readCredentials(request));
  return remembered.get(request);
}

function readCredentials(request: FastifyRequest): Credentials | undefined {
  const pathToken = request.routeOptions.config.access?.pathToken;
  if (pathToken !== undefined) {
    const token = (request.params as Readonly<Record<string, string | undefined>>)[pathToken];
    return token === undefined ? undefined : { kind: "path", hash: hashToken(token), ip: request.ip };
  }
  const [, sent] = /^Bearer +(.{1,1000})$/i.exec(request.headers.authorization ?? "") ?? [];
  if (sent !== undefined) {
    return bearer(sent, request.ip);
  }
  const inHeader = keyInHeaders(request);
  if (inHeader !== undefined) return bearer(inHeader, request.ip);
  const cookie = request.cookies?.[sessionCookie];
  return cookie === undefined ? undefined : { kind: "cookie", hash: hashToken(cookie), ip: request.ip };
}

function bearer(sent: string, ip: string): Credentials {
  // Node reads headers as Latin-1; an administrator's key may be any text, sent as UTF-8.
  const token = Buffer.from(sent, "latin1").toString("utf8");
  return { kind: "bearer", isServiceKey: token.startsWith("totem_key_"), hash: hashToken(token), ip };
}

/** A key of ours in whichever of the headers it was put, else what the first of them says. */
function keyInHeaders(request: FastifyRequest): string | undefined {
  const names = request.routeOptions.config.access?.keyHeaders ?? [];
  const sent = names.map((name) => request.headers[name]).filter((value) => typeof value === "string");
  return sent.find((value) => value.startsWith("totem_")) ?? sent[0];
}

/** A route without a declaration is a mistake found at start, not in production. */
export function requireAccess(route: RouteOptions): void {
  if (!route.config?.access) throw new Error(`The route ${route.method} ${route.url} declares no access.`);
}

const changesNothing = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Finds out who is calling, and refuses nobody yet: the limit on requests comes in between, so that it
 * counts guessed keys too, and counts a known caller under its own name.
 */
export const recognize =
  (authenticate: Authenticate) =>
  async (request: FastifyRequest): Promise<void> => {
    const access = request.routeOptions.config.access;
    if (!access || access.may === "public") return;
    try {
      request.caller = await authenticate(credentialsOf(request));
    } catch (error) {
      if (!(error instanceof PluginError) || error.code !== "UNAUTHENTICATED") throw error;
    }
  };

/** Under what name a request is counted. Never under a key nobody has: a new one each time would be no limit. */
export function limitedAs(request: FastifyRequest): string {
  const { caller } = request;
  if (!caller) return request.ip;
  if (caller.kind === "agent_user") return caller.agentUserId;
  return credentialsOf(request)?.hash ?? request.ip;
}

/** Authorize, before the body is read. */
export async function allowOrRefuse(request: FastifyRequest): Promise<void> {
  const access = request.routeOptions.config.access;
  if (!access || access.may === "public") return;
  const caller = callerOf(request);
  // A browser sends the cookie by itself; a header of our own proves that the studio sent the request.
  if (
    caller.kind === "person" &&
    !changesNothing.has(request.method) &&
    request.headers["x-totem-csrf"] === undefined
  ) {
    throw new PluginError("CSRF_PROOF_MISSING");
  }
  if (access.may !== "anyone" && !access.may.some((scope) => hasScope(caller, scope)))
    throw new PluginError("FORBIDDEN");
  if (access.host && caller.kind !== "host")
    throw new PluginError("FORBIDDEN", {
      message: "Use a service key of scope hosts:call: it speaks for one host instance.",
    });
  if (caller.kind === "agent_user") {
    if (access.agent === undefined) throw new PluginError("FORBIDDEN");
    if (access.agent === "session" && caller.provenBy !== "session") {
      throw new PluginError("FORBIDDEN", { message: sessionNeeded });
    }
  }
}

/** The trace of a request its caller may not make (ASVS 16.3.2). The route's pattern, not the address. */
export async function auditRefusal(
  { db, clock }: { db: Kysely<Tables>; clock: Clock },
  request: FastifyRequest,
  about?: { readonly kind: string; readonly id: string },
): Promise<void> {
  if (!request.caller) return;
  const { workspaceId, actor } = callerOf(request);
  await writeAuditEvent(db, {
    workspaceId,
    at: clock.now(),
    actor,
    action: "request.refused",
    subject: about ?? { kind: "route", id: `${request.method} ${request.routeOptions.url ?? ""}` },
    result: "refused",
    reason: about ? "not_own" : "forbidden",
  });
}

/** Where one of a route's scopes is not enough for a person or a program. Agents go by their edges. */
export function requireScopes(caller: Caller, scopes: readonly Scope[]): void {
  if (caller.kind !== "agent_user" && !scopes.every((scope) => hasScope(caller, scope)))
    throw new PluginError("FORBIDDEN");
}

/** Who calls a route that is not public: the workspace every query of the request is filtered by, and who asks. */
export function callerOf(request: FastifyRequest): AuthenticatedCaller {
  if (!request.caller) throw new PluginError("UNAUTHENTICATED");
  return request.caller;
}
