import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from "kysely";
import { type Scope, scopes } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import type { Principal } from "./principal.ts";
import { studioSessionHash } from "./studio-sessions.ts";

/** What a request brings to say who it is: the hash of a token, which is all that is needed to find its owner. */
export type Credentials =
  | { readonly kind: "bearer"; readonly isServiceKey: boolean; readonly hash: string }
  | { readonly kind: "cookie"; readonly hash: string }
  | { readonly kind: "path"; readonly hash: string };

export interface AuthenticationParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly adminKeyHash: string;
  readonly defaultWorkspaceId: string;
}

/** Finds who is calling, or throws UNAUTHENTICATED without saying what was wrong. */
export type Authenticate = (credentials: Credentials | undefined) => Promise<Principal>;

export function createAuthenticate(parts: AuthenticationParts): Authenticate {
  const administrator: Principal = {
    kind: "service_key",
    name: "administrator",
    workspaceId: parts.defaultWorkspaceId,
    scopes: new Set<Scope>(scopes),
  };
  const find = async (credentials: Credentials): Promise<Principal | undefined> => {
    if (credentials.kind === "cookie") return byCookie(parts, credentials.hash);
    if (credentials.kind === "path") return byPathToken(parts, credentials.hash);
    if (timingSafeEqual(credentials.hash, parts.adminKeyHash)) return administrator;
    return credentials.isServiceKey
      ? byServiceKey(parts, credentials.hash)
      : byAgentToken(parts, credentials.hash);
  };
  return async (credentials) => {
    const principal = credentials && (await find(credentials));
    if (!principal) throw new PluginError("UNAUTHENTICATED");
    return principal;
  };
}

const byServiceKey = (parts: AuthenticationParts, hash: string) =>
  findServiceKey(parts, (key) => key("key_hash", "=", hash));

async function findServiceKey(
  { db, clock }: AuthenticationParts,
  which: (key: ExpressionBuilder<Tables, "service_key">) => Expression<SqlBool>,
): Promise<Principal | undefined> {
  const row = await db
    .selectFrom("service_key")
    .select(["id", "name", "workspace_id", "scopes", "host", "host_instance"])
    .where(which)
    .where("revoked_at", "is", null)
    .where((key) => key.or([key("expires_at", "is", null), key("expires_at", ">", clock.now())]))
    .executeTakeFirst();
  return (
    row && {
      kind: "service_key",
      name: row.name,
      keyId: row.id,
      workspaceId: row.workspace_id,
      scopes: new Set(row.scopes as Scope[]),
      boundTo:
        row.host === null || row.host_instance === null
          ? null
          : { host: row.host, hostInstance: row.host_instance },
    }
  );
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
  session: boolean;
}

/** By its key, or by a session made from key and code. Disabled accounts are nobody. */
async function byAgentToken(
  { db, clock }: AuthenticationParts,
  hash: string,
): Promise<Principal | undefined> {
  const now = clock.now();
  const result = await sql<AgentRow>`
    select u.id, u.workspace_id, u.username, u.host, u.host_instance, u.workflow_id, u.agent_node_id, u.scopes, s.id is not null as session
    from agent_user u
    left join agent_session s on s.agent_user_id = u.id and s.token_hash = ${hash} and s.expires_at > ${now}
    where u.disabled_at is null and (
      u.id = (select agent_user_id from agent_session where token_hash = ${hash} and expires_at > ${now})
      or (u.api_key_hash = ${hash} and (u.api_key_expires_at is null or u.api_key_expires_at > ${now}))
    )`.execute(db);
  const [row] = result.rows;
  return row && agentPrincipal(row);
}

const agentPrincipal = (row: AgentRow): Principal => ({
  kind: "agent_user",
  name: row.username,
  workspaceId: row.workspace_id,
  scopes: new Set(row.scopes),
  agentUserId: row.id,
  host: row.host,
  hostInstance: row.host_instance,
  workflowId: row.workflow_id,
  agentNodeId: row.agent_node_id,
  session: row.session,
});

/** What its owner's key would be: gone with the key, with the account, and with the token itself. */
async function byPathToken(parts: AuthenticationParts, hash: string): Promise<Principal | undefined> {
  const { rows } = await sql<AgentRow & { service_key_id: string | null }>`
    select t.service_key_id, u.id, u.workspace_id, u.username, u.host, u.host_instance, u.workflow_id, u.agent_node_id,
      u.scopes, false as session
    from mcp_token t
    left join agent_user u on u.id = t.agent_user_id and u.disabled_at is null
      and (u.api_key_expires_at is null or u.api_key_expires_at > ${parts.clock.now()})
    where t.token_hash = ${hash} and t.revoked_at is null and num_nonnulls(u.id, t.service_key_id) = 1`.execute(
    parts.db,
  );
  const [row] = rows;
  const keyId = row?.service_key_id;
  return keyId ? findServiceKey(parts, (key) => key("id", "=", keyId)) : row && agentPrincipal(row);
}

async function byCookie(
  { db, clock, adminKeyHash }: AuthenticationParts,
  hash: string,
): Promise<Principal | undefined> {
  const row = await db
    .selectFrom("studio_session")
    .select(["id", "workspace_id"])
    .where("token_hash", "=", studioSessionHash(hash, adminKeyHash))
    .where("expires_at", ">", clock.now())
    .executeTakeFirst();
  return (
    row && {
      kind: "person",
      name: "administrator",
      sessionId: row.id,
      workspaceId: row.workspace_id,
      scopes: new Set<Scope>(scopes),
    }
  );
}
