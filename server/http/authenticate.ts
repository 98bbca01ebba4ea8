import { type Kysely, sql } from "kysely";
import { type Scope, scopes } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken } from "../secrets/bearer-token.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import type { Principal } from "./principal.ts";

/** What a request brings to say who it is. */
export interface Credentials {
  readonly bearer?: string;
  readonly cookie?: string;
}

export interface AuthenticationParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly adminKeyHash: string;
  readonly defaultWorkspaceId: string;
}

/** Finds who is calling, or throws UNAUTHENTICATED without saying what was wrong. */
export type Authenticate = (credentials: Credentials) => Promise<Principal>;

export function createAuthenticate(parts: AuthenticationParts): Authenticate {
  return async ({ bearer, cookie }) => {
    const principal =
      bearer !== undefined
        ? await byBearer(parts, bearer)
        : cookie !== undefined
          ? await byCookie(parts, cookie)
          : undefined;
    if (!principal) throw new PluginError("UNAUTHENTICATED");
    return principal;
  };
}

async function byBearer(parts: AuthenticationParts, token: string): Promise<Principal | undefined> {
  const hash = hashToken(token);
  if (timingSafeEqual(hash, parts.adminKeyHash)) {
    return {
      kind: "service_key",
      name: "administrator",
      workspaceId: parts.defaultWorkspaceId,
      scopes: new Set<Scope>(scopes),
    };
  }
  return token.startsWith("totem_key_") ? byServiceKey(parts, hash) : byAgentToken(parts, hash);
}

async function byServiceKey(
  { db, clock }: AuthenticationParts,
  hash: string,
): Promise<Principal | undefined> {
  const row = await db
    .selectFrom("service_key")
    .select(["name", "workspace_id", "scopes"])
    .where("key_hash", "=", hash)
    .where("revoked_at", "is", null)
    .where((key) => key.or([key("expires_at", "is", null), key("expires_at", ">", clock.now())]))
    .executeTakeFirst();
  return (
    row && {
      kind: "service_key",
      name: row.name,
      workspaceId: row.workspace_id,
      scopes: new Set(row.scopes as Scope[]),
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
  return (
    row && {
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
    }
  );
}

async function byCookie({ db, clock }: AuthenticationParts, cookie: string): Promise<Principal | undefined> {
  const row = await db
    .selectFrom("studio_session")
    .select(["id", "workspace_id"])
    .where("token_hash", "=", hashToken(cookie))
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
