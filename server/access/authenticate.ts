import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { hasLiveApiKey, isLiveKey, isLiveSession } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import {
  type AgentUserCaller,
  type AuthenticatedCaller,
  administratorCaller,
  type HostCaller,
  type PersonCaller,
  type ProvenBy,
  personCaller,
  type ServiceKeyCaller,
} from "./caller.ts";
import { noteLastUse } from "./last-use.ts";
import { studioSessionHash } from "./studio-sessions.ts";

/** The credential of a request: the hash of a token, which is enough to find its owner. */
export interface Credentials {
  readonly kind: "bearer" | "cookie" | "path";
  readonly isServiceKey?: boolean;
  readonly hash: string;
  /** Of the proof that came with a cookie. */
  readonly proofHash?: string | undefined;
  readonly ip: string;
}

/** How often a session's time of last use is written. */
const seenEveryMs = 60_000;

export interface AuthenticationParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly adminKeyHash: string;
  readonly defaultWorkspaceId: string;
  /** A session that is not used for so long ends. */
  readonly sessionIdleMs: number;
}

/** Finds who is calling, or throws UNAUTHENTICATED without saying what was wrong. */
export type Authenticate = (credentials: Credentials | undefined) => Promise<AuthenticatedCaller>;

export async function authenticate(
  parts: AuthenticationParts,
  credentials: Credentials | undefined,
): Promise<AuthenticatedCaller> {
  const caller = credentials && (await findCaller(parts, credentials));
  if (!caller) throw new PluginError("UNAUTHENTICATED");
  return caller;
}

async function findCaller(
  parts: AuthenticationParts,
  credentials: Credentials,
): Promise<AuthenticatedCaller | undefined> {
  if (credentials.kind === "cookie") return findByCookie(parts, credentials);
  if (credentials.kind === "path") return findByPathToken(parts, credentials);
  if (timingSafeEqual(credentials.hash, parts.adminKeyHash))
    return administratorCaller(parts.defaultWorkspaceId, credentials.ip);
  return credentials.isServiceKey
    ? findByServiceKey(parts, credentials)
    : findByAgentToken(parts, credentials);
}

/** A key that was rotated is accepted beside the new one until its overlap ends. */
const findByServiceKey = async (parts: AuthenticationParts, credentials: Credentials) =>
  (await findServiceKey(parts, credentials, (key) => key("key_hash", "=", credentials.hash))) ??
  findServiceKey(parts, credentials, (key) =>
    key.and([key("previous_key_hash", "=", credentials.hash), key("previous_until", ">", parts.clock.now())]),
  );

async function findServiceKey(
  parts: AuthenticationParts,
  { ip, kind }: Credentials,
  which: (key: ExpressionBuilder<Tables, "service_key">) => Expression<SqlBool>,
): Promise<ServiceKeyCaller | HostCaller | undefined> {
  const row = await parts.db
    .selectFrom("service_key")
    .select(["id", "name", "workspace_id", "scopes", "host", "host_instance", "last_used_at"])
    .where(which)
    .where(isLiveKey("service_key", parts.clock.now()))
    .executeTakeFirst();
  if (!row) return undefined;
  await noteLastUse(parts, { table: "service_key", id: row.id, lastUsedAt: row.last_used_at, ip });
  const common = {
    name: row.name,
    keyId: row.id,
    workspaceId: row.workspace_id,
    scopes: new Set(row.scopes as Scope[]),
    provenBy: kind === "path" ? "mcp_token" : "service_key",
    actor: { kind: "service_key", id: row.name, ip },
  } as const;
  if (!common.scopes.has("hosts:call")) return { kind: "service_key", ...common };
  const { host, host_instance } = row;
  const boundTo = host === null || host_instance === null ? null : { host, hostInstance: host_instance };
  return { kind: "host", ...common, boundTo };
}

interface AgentRow {
  id: string;
  workspace_id: string;
  username: string;
  host: string;
  host_instance: string;
  workflow_id: string;
  agent_node_id: string;
  scopes: Scope[];
}

/** By its key, or by a session opened with key and code. A disabled account is not found. */
async function findByAgentToken(
  { db, clock }: AuthenticationParts,
  { hash, ip }: Credentials,
): Promise<AgentUserCaller | undefined> {
  const now = clock.now();
  const result = await sql<AgentRow & { session: boolean }>`
    select u.id, u.workspace_id, u.username, u.host, u.host_instance, u.workflow_id, u.agent_node_id, u.scopes, s.id is not null as session
    from agent_user u
    left join agent_session s on s.agent_user_id = u.id and s.token_hash = ${hash} and s.expires_at > ${now}
    where u.disabled_at is null and (
      u.id = (select agent_user_id from agent_session where token_hash = ${hash} and expires_at > ${now})
      or (u.api_key_hash = ${hash} and ${hasLiveApiKey("u", now)})
    )`.execute(db);
  const [row] = result.rows;
  return row && agentUserCaller(row, row.session ? "session" : "api_key", ip);
}

const agentUserCaller = (row: AgentRow, provenBy: ProvenBy, ip: string): AgentUserCaller => ({
  kind: "agent_user",
  name: row.username,
  workspaceId: row.workspace_id,
  scopes: new Set(row.scopes),
  provenBy,
  actor: { kind: "agent_user", id: row.username, ip },
  agentUserId: row.id,
  location: {
    host: row.host,
    hostInstance: row.host_instance,
    workflowId: row.workflow_id,
    agentNodeId: row.agent_node_id,
  },
});

interface TokenRow {
  token_id: string;
  last_used_at: Date | null;
  service_key_id: string | null;
}

/** What its owner's key would be: gone with the key, with the account, and with the token itself. */
async function findByPathToken(
  parts: AuthenticationParts,
  credentials: Credentials,
): Promise<AuthenticatedCaller | undefined> {
  const { rows } = await sql<AgentRow & TokenRow>`
    select t.id as token_id, t.last_used_at, t.service_key_id, u.id, u.workspace_id, u.username, u.host,
      u.host_instance, u.workflow_id, u.agent_node_id, u.scopes
    from mcp_token t
    left join agent_user u on u.id = t.agent_user_id and u.disabled_at is null
      and ${hasLiveApiKey("u", parts.clock.now())}
    where t.token_hash = ${credentials.hash} and t.revoked_at is null and num_nonnulls(u.id, t.service_key_id) = 1`.execute(
    parts.db,
  );
  const [row] = rows;
  if (!row) return undefined;
  const { service_key_id: keyId, token_id: id, last_used_at: lastUsedAt } = row;
  const caller = keyId
    ? await findServiceKey(parts, credentials, (key) => key("id", "=", keyId))
    : agentUserCaller(row, "mcp_token", credentials.ip);
  if (caller) await noteLastUse(parts, { table: "mcp_token", id, lastUsedAt, ip: credentials.ip });
  return caller;
}

async function findByCookie(
  parts: AuthenticationParts,
  credentials: Credentials,
): Promise<AuthenticatedCaller | undefined> {
  const { db, clock, adminKeyHash } = parts;
  const now = clock.now();
  const row = await db
    .selectFrom("studio_session as s")
    .leftJoin("person as p", "p.id", "s.person_id")
    .leftJoin("workspace_member as m", (join) =>
      join
        .onRef("m.person_id", "=", "s.person_id")
        .onRef("m.workspace_id", "=", "s.workspace_id")
        .on("m.removed_at", "is", null),
    )
    .select(["s.id", "s.workspace_id", "s.person_id", "s.proof_hash", "s.last_seen_at", "s.created_at"])
    .select(["s.signed_in_by", "s.proved_at", "p.name", "p.email", "m.roles"])
    .where("s.token_hash", "=", studioSessionHash(credentials.hash, adminKeyHash))
    .where(isLiveSession("s", { now, idleMs: parts.sessionIdleMs }))
    .executeTakeFirst();
  if (!row || (row.person_id !== null && row.roles === null)) return undefined;
  const person =
    row.person_id === null
      ? null
      : { id: row.person_id, name: row.name ?? "", email: row.email, roles: row.roles ?? [] };
  const caller = personCaller(
    {
      id: row.id,
      workspaceId: row.workspace_id,
      person,
      signedInBy: row.signed_in_by,
      signedInAt: row.created_at,
      provedAt: row.proved_at,
    },
    credentials.ip,
  );
  await requireProof(parts, caller, { expected: row.proof_hash, sent: credentials.proofHash });
  if (now.getTime() - row.last_seen_at.getTime() >= seenEveryMs)
    await db.updateTable("studio_session").set({ last_seen_at: now }).where("id", "=", row.id).execute();
  return caller;
}

/** A copied cookie opens nothing: the proof is in the storage of the page that signed in, which no other origin reads. */
async function requireProof(
  { db, clock }: AuthenticationParts,
  { workspaceId, actor, sessionId }: PersonCaller,
  proof: { readonly expected: string | null; readonly sent: string | undefined },
): Promise<void> {
  if (proof.expected !== null && timingSafeEqual(proof.expected, proof.sent ?? "")) return;
  await writeAuditEvent(db, {
    workspaceId,
    at: clock.now(),
    actor,
    action: "studio.session_refused",
    subject: { kind: "studio_session", id: sessionId },
    result: "refused",
    reason: "proof",
  });
  throw new PluginError("SESSION_PROOF_NEEDED");
}
