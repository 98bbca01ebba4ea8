import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { hasLiveApiKey, isLiveKey, liveWorkloadTokens } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import {
  type AgentUserCaller,
  type AuthenticatedCaller,
  administratorCaller,
  type HostCaller,
  type ProvenBy,
  type ServiceKeyCaller,
} from "./caller.ts";
import type { AuthenticationParts, Credentials } from "./credentials.ts";
import { verifyProofOfKey } from "./dpop-proof.ts";
import { noteLastUse } from "./last-use.ts";
import { findByCookie } from "./session-caller.ts";

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
  if (credentials.kind === "tool") return credentials.tool;
  if (credentials.kind === "cookie") return findByCookie(parts, credentials);
  if (credentials.kind === "path") return findByPathToken(parts, credentials);
  if (credentials.isWorkloadToken) return findByWorkloadToken(parts, credentials);
  // A key is bound to nothing, so a proof with it proves nothing.
  if (credentials.proofOfKey) return undefined;
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
  { ip, kind, isWorkloadToken }: Credentials,
  which: (key: ExpressionBuilder<Tables, "service_key">) => Expression<SqlBool>,
): Promise<ServiceKeyCaller | HostCaller | undefined> {
  const row = await parts.db
    .selectFrom("service_key")
    .leftJoin("host_installation", (join) =>
      join
        .onRef("host_installation.workspace_id", "=", "service_key.workspace_id")
        .onRef("host_installation.host", "=", "service_key.host")
        .onRef("host_installation.host_instance", "=", "service_key.host_instance"),
    )
    .select([
      "service_key.id",
      "service_key.name",
      "service_key.workspace_id",
      "service_key.scopes",
      "service_key.host",
      "service_key.host_instance",
      "service_key.last_used_at",
      "service_key.signed",
      "host_installation.requires_signature",
    ])
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
    provenBy: isWorkloadToken ? "workload_token" : kind === "path" ? "mcp_token" : "service_key",
    actor: { kind: "service_key", id: row.name, ip },
  } as const;
  if (!common.scopes.has("hosts:call")) return { kind: "service_key", ...common };
  const { host, host_instance } = row;
  const boundTo = host === null || host_instance === null ? null : { host, hostInstance: host_instance };
  return { kind: "host", ...common, boundTo, mustSign: row.signed || row.requires_signature === true };
}

export interface AgentRow {
  id: string;
  workspace_id: string;
  username: string;
  host: string;
  host_instance: string;
  workflow_id: string;
  agent_node_id: string;
  scopes: Scope[];
  mcp_tools: string[];
}

/** By its key, or by a session opened with key and code. A disabled account is not found. */
async function findByAgentToken(
  { db, clock }: AuthenticationParts,
  { hash, ip }: Credentials,
): Promise<AgentUserCaller | undefined> {
  const now = clock.now();
  const result = await sql<AgentRow & { session: boolean }>`
    select u.id, u.workspace_id, u.username, u.host, u.host_instance, u.workflow_id, u.agent_node_id, u.scopes, u.mcp_tools, s.id is not null as session
    from agent_user u
    left join agent_session s on s.agent_user_id = u.id and s.token_hash = ${hash} and s.expires_at > ${now}
    where u.disabled_at is null and (
      u.id = (select agent_user_id from agent_session where token_hash = ${hash} and expires_at > ${now})
      or (u.api_key_hash = ${hash} and ${hasLiveApiKey("u", now)})
    )`.execute(db);
  const [row] = result.rows;
  return row && agentUserCaller(row, row.session ? "session" : "api_key", ip);
}

export const agentUserCaller = (row: AgentRow, provenBy: ProvenBy, ip: string): AgentUserCaller => ({
  kind: "agent_user",
  name: row.username,
  workspaceId: row.workspace_id,
  scopes: new Set(row.scopes),
  provenBy,
  actor: { kind: "agent_user", id: row.username, ip },
  agentUserId: row.id,
  mcpTools: new Set(row.mcp_tools),
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
      u.host_instance, u.workflow_id, u.agent_node_id, u.scopes, u.mcp_tools
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
    ? await findServiceKey(parts, credentials, (key) => key("service_key.id", "=", keyId))
    : agentUserCaller(row, "mcp_token", credentials.ip);
  if (caller) await noteLastUse(parts, { table: "mcp_token", id, lastUsedAt, ip: credentials.ip });
  return caller;
}

/**
 * What its target's key would be: gone with the key and with the account, and when its rule or its issuer changes. One
 * that is bound to a key comes with a proof of that key for this very request.
 */
async function findByWorkloadToken(
  parts: AuthenticationParts,
  credentials: Credentials,
): Promise<AuthenticatedCaller | undefined> {
  const { hash, proofOfKey, ip } = credentials;
  const now = parts.clock.now();
  const { rows } = await sql<AgentRow & { key_thumbprint: string | null; service_key_id: string | null }>`
    select t.key_thumbprint, r.service_key_id, u.id, u.workspace_id, u.username, u.host, u.host_instance,
      u.workflow_id, u.agent_node_id, u.scopes, u.mcp_tools
    from ${liveWorkloadTokens(now)}
    left join agent_user u on u.id = r.agent_user_id and u.disabled_at is null and ${hasLiveApiKey("u", now)}
    where t.token_hash = ${hash} and num_nonnulls(u.id, r.service_key_id) = 1`.execute(parts.db);
  const [row] = rows;
  if (!row) return undefined;
  const { service_key_id: keyId, key_thumbprint: thumbprint } = row;
  if (thumbprint === null && proofOfKey) return undefined;
  if (thumbprint !== null) {
    if (!proofOfKey) throw new PluginError("PROOF_OF_KEY_REFUSED");
    if ((await verifyProofOfKey(parts, proofOfKey, hash)) !== thumbprint)
      throw new PluginError("PROOF_OF_KEY_REFUSED");
  }
  return keyId
    ? findServiceKey(parts, credentials, (key) => key("service_key.id", "=", keyId))
    : agentUserCaller(row, "workload_token", ip);
}
