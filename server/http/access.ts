import type { FastifyRequest, RouteOptions } from "fastify";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Authenticate } from "../access/authenticate.ts";
import { authorize } from "../access/authorize.ts";
import { toolHeader } from "../access/caller.ts";
import type { Credentials } from "../access/credentials.ts";
import type { ProofOfKey } from "../access/dpop-proof.ts";
import { type FreshProofParts, freshProofWords, requireFreshProof } from "../access/fresh-proof.ts";
import { requireOpenToTools, toolCallInProcess } from "../access/tool-calls.ts";
import { callerOf } from "../request/app.ts";
import { hashToken } from "../secrets/bearer-token.ts";

export const sessionCookie = "__Host-totem";

const remembered = new WeakMap<FastifyRequest, Credentials | undefined>();

/** The credentials of a request, if any. Read and hashed once. */
export function credentialsOf(request: FastifyRequest): Credentials | undefined {
  if (!remembered.has(request)) remembered.set(request, readCredentials(request));
  return remembered.get(request);
}

/** Whether a request to a route for known callers brings a key, which then is what counts and no cookie. */
export function carriesKey(request: FastifyRequest): boolean {
  const { access } = request.routeOptions.config;
  if (!access || access.may === "public") return false;
  if (toolCallInProcess()) return true;
  return access.pathToken !== undefined || keyOf(request) !== undefined;
}

function readCredentials(request: FastifyRequest): Credentials | undefined {
  const tool = toolCallInProcess()?.caller;
  if (tool) return { kind: "tool", tool, hash: tool.agentUserId, ip: request.ip };
  const pathToken = request.routeOptions.config.access?.pathToken;
  if (pathToken !== undefined) {
    const token = (request.params as Readonly<Record<string, string | undefined>>)[pathToken];
    return token === undefined ? undefined : { kind: "path", hash: hashToken(token), ip: request.ip };
  }
  const key = keyOf(request);
  if (key !== undefined) return { ...bearer(key, request.ip), ...boundTo(request) };
  const cookie = request.cookies?.[sessionCookie];
  return cookie === undefined
    ? undefined
    : { kind: "cookie", hash: hashToken(cookie), proofHash: proofHashOf(request), ip: request.ip };
}

/** The page's proof goes in a header: no other site can send it, and no address or log shows it. */
export const proofHeader = "x-totem-proof";

/** The hash of the proof that a page sends; undefined without one. */
export function proofHashOf({ headers }: FastifyRequest): string | undefined {
  const sent = headers[proofHeader];
  return typeof sent === "string" && /^[\w-]{43,86}$/.test(sent) ? hashToken(sent) : undefined;
}

function bearer(sent: string, ip: string): Credentials {
  // Node reads headers as Latin-1; an administrator's key may be any text, sent as UTF-8.
  const token = Buffer.from(sent, "latin1").toString("utf8");
  return {
    kind: "bearer",
    isServiceKey: token.startsWith("totem_key_"),
    isWorkloadToken: token.startsWith("totem_workload_"),
    hash: hashToken(token),
    ip,
  };
}

/** A token that is bound to a key has a scheme of its own (RFC 9449 section 7.1). */
const boundTo = (request: FastifyRequest) =>
  /^DPoP /i.test(request.headers.authorization ?? "") ? { proofOfKey: proofOfKeyOf(request) } : undefined;

/** The proof of a key that came with a request. Node joins several headers by a comma, which no proof has. */
export function proofOfKeyOf({ headers, method, raw, socket }: FastifyRequest): ProofOfKey {
  const { dpop } = headers;
  const [path = "/"] = (raw.url ?? "/").split("?");
  return {
    jwt: typeof dpop === "string" ? dpop : undefined,
    method,
    path,
    host: headers.host,
    localAddress: socket.localAddress,
  };
}

function keyOf(request: FastifyRequest): string | undefined {
  const [, sent] = /^(?:Bearer|DPoP) +(.{1,1000})$/i.exec(request.headers.authorization ?? "") ?? [];
  return sent ?? keyInHeaders(request);
}

/** A key of ours in any of these headers, else the value of the first of them that was sent. */
function keyInHeaders(request: FastifyRequest): string | undefined {
  const names = request.routeOptions.config.access?.keyHeaders ?? [];
  const sent = names.map((name) => request.headers[name]).filter((value) => typeof value === "string");
  return sent.find((value) => value.startsWith("totem_")) ?? sent[0];
}

/** A route without a declaration fails at start, not in production. The OpenAPI document says what it needs. */
export function requireAccess(route: RouteOptions): void {
  const access = route.config?.access;
  if (!access) throw new Error(`The route ${route.method} ${route.url} declares no access.`);
  if (!access.fresh || !route.schema) return;
  const { description } = route.schema;
  route.schema = { ...route.schema, description: [description, freshProofWords].filter(Boolean).join(" ") };
}

/**
 * Finds the caller, and refuses no request yet: the limit on requests comes in between, so that it counts guessed
 * keys too, and counts a known caller under its own name.
 */
export async function recognize(authenticate: Authenticate, request: FastifyRequest): Promise<void> {
  const access = request.routeOptions.config.access;
  if (!access || (access.may === "public" && !access.knowsCaller)) return;
  try {
    request.caller = await authenticate(credentialsOf(request));
  } catch (error) {
    if (!(error instanceof PluginError) || error.status !== 401) throw error;
    request.unauthenticated = error;
  }
}

/** In this process, or over the network: the address that a tool calls may be one of ours. */
const isFromTool = ({ headers }: FastifyRequest): boolean =>
  toolCallInProcess() !== undefined || headers[toolHeader] !== undefined;

/** Puts secrets into the body that a tool sent, where the route takes them. Elsewhere a handle stays as it is. */
export async function fillForTool(request: FastifyRequest): Promise<void> {
  const call = toolCallInProcess();
  if (call && request.routeOptions.config.access?.tools === "handles")
    request.body = await call.fill(request.body);
}

/** The name a request is counted under. Never a key that is not known: a new key for each request would escape the limit. */
export function limitedAs(request: FastifyRequest): string {
  const { caller } = request;
  if (!caller) return request.ip;
  if (caller.kind === "agent_user") return caller.agentUserId;
  // One after another, each would have a number of its own.
  if (caller.provenBy === "workload_token" && "keyId" in caller && caller.keyId) return caller.keyId;
  return credentialsOf(request)?.hash ?? request.ip;
}

/** Authorizes, before the body is read. */
export async function allowOrRefuse(parts: FreshProofParts, request: FastifyRequest): Promise<void> {
  const access = request.routeOptions.config.access;
  if (!access) return;
  if (isFromTool(request)) requireOpenToTools(access);
  if (access.may === "public") return;
  if (request.unauthenticated) throw request.unauthenticated;
  const caller = callerOf(request);
  authorize(caller, access, { isRead: ["GET", "HEAD"].includes(request.method) });
  if (access.fresh) await requireFreshProof(parts, caller, request.headers["x-totem-code"]);
}
