import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { McpTokenBody } from "../../plugin/api/keys.ts";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { requireScopes } from "./authorize.ts";
import { type AuthenticatedCaller, hasScope } from "./caller.ts";
import { findMaker, type Maker, requireNoWiderKey } from "./no-wider-key.ts";

interface McpTokenParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

/** The owner as a person names it. An agent user that asks for itself may leave both out. */
interface NamedOwner {
  readonly agentUser: string | undefined;
  readonly serviceKey: string | undefined;
}

interface TokenRow {
  readonly id: string;
  readonly kind: "agent_user" | "service_key";
  readonly name: string;
  readonly created_at: Date;
  readonly created_by: string | null;
  readonly last_used_at: Date | null;
  readonly last_used_ip: string | null;
}

/**
 * Tokens for addresses. An agent user has its own, an administrator those of the workspace. The database stores only
 * a hash: the token is in the answer that creates it and nowhere else.
 */
export const createMcpTokens = (parts: McpTokenParts) => ({
  create: createMcpToken.bind(null, parts),
  list: listMcpTokens.bind(null, parts),
  revoke: revokeMcpToken.bind(null, parts),
});

export type McpTokens = ReturnType<typeof createMcpTokens>;

export function createMcpToken(
  { db, clock }: McpTokenParts,
  caller: AuthenticatedCaller,
  named: NamedOwner,
): Promise<McpTokenBody & { token: string }> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const created_at = clock.now();
    const { kind, id: ownerId, name, createdBy } = await getOwner(trx, caller, { ...named, now: created_at });
    const token = newBearerToken("mcp");
    const id = randomUUID();
    await trx
      .insertInto("mcp_token")
      .values({
        id,
        workspace_id: workspaceId,
        agent_user_id: kind === "agent_user" ? ownerId : null,
        service_key_id: kind === "service_key" ? ownerId : null,
        token_hash: hashToken(token),
        created_at,
        ...createdBy,
      })
      .execute();
    const subject = { kind, id: name };
    await writeAuditEvent(trx, { workspaceId, at: created_at, actor, action: "mcp_token.created", subject });
    const unused = { created_by: caller.name, last_used_at: null, last_used_ip: null };
    return { ...toBody({ id, kind, name, created_at, ...unused }), token };
  });
}

export async function listMcpTokens(
  { db }: McpTokenParts,
  caller: AuthenticatedCaller,
): Promise<McpTokenBody[]> {
  const { rows } = await sql<TokenRow>`
    select t.id, t.created_at, t.created_by, t.last_used_at, t.last_used_ip, coalesce(u.username, k.name) as name,
      case when t.agent_user_id is null then 'service_key' else 'agent_user' end as kind
    from mcp_token t
    left join agent_user u on u.id = t.agent_user_id
    left join service_key k on k.id = t.service_key_id
    where ${isShownTo(caller)} and t.revoked_at is null and k.revoked_at is null
    order by t.created_at, t.id`.execute(db);
  return rows.map(toBody);
}

const toBody = ({ kind, name, ...row }: TokenRow): McpTokenBody => ({
  ...withIsoTimes(row),
  owner: { kind, name },
});

export function revokeMcpToken(
  { db, clock }: McpTokenParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const { rows } = await sql`
      update mcp_token t set revoked_at = ${at}
      where t.id = ${id}::uuid and t.revoked_at is null and ${isManagedBy(caller)} returning id`.execute(trx);
    if (rows.length === 0) throw new PluginError("KEY_NOT_FOUND");
    const subject = { kind: "mcp_token", id };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "mcp_token.revoked", subject });
  });
}

/** Agents see their own addresses. Others see all, by any of these scopes. */
function isShownTo(caller: AuthenticatedCaller) {
  if (caller.kind !== "agent_user" && !listScopes.some((scope) => hasScope(caller, scope)))
    throw new PluginError("FORBIDDEN");
  return isOwn(caller);
}

const listScopes = ["keys:manage", "agent_users:manage", "lists:read"] as const;

/** An address of an agent is a matter of agents, and one of a key a matter of keys. */
function isManagedBy(caller: AuthenticatedCaller) {
  const [agents, keys] = [hasScope(caller, "agent_users:manage"), hasScope(caller, "keys:manage")];
  if (caller.kind === "agent_user") return isOwn(caller);
  if (!agents && !keys) throw new PluginError("FORBIDDEN");
  return sql`${isOwn(caller)} and case when t.service_key_id is null then ${agents}::boolean else ${keys}::boolean end`;
}

const isOwn = (caller: AuthenticatedCaller) =>
  caller.kind === "agent_user"
    ? sql`t.workspace_id = ${caller.workspaceId} and t.agent_user_id = ${caller.agentUserId}::uuid`
    : sql`t.workspace_id = ${caller.workspaceId}`;

interface TokenOwner {
  readonly kind: TokenRow["kind"];
  readonly id: string;
  readonly name: string;
  readonly createdBy: Maker;
}

async function getOwner(
  trx: Kysely<Tables>,
  caller: AuthenticatedCaller,
  { agentUser, serviceKey, now }: NamedOwner & { readonly now: Date },
): Promise<TokenOwner> {
  const { workspaceId } = caller;
  const createdBy = await findMaker(trx, caller, now);
  if (caller.kind === "agent_user") {
    if (serviceKey !== undefined || (agentUser !== undefined && agentUser !== caller.name))
      throw new PluginError("FORBIDDEN");
    return { kind: "agent_user", id: caller.agentUserId, name: caller.name, createdBy };
  }
  if (agentUser !== undefined) {
    requireScopes(caller, ["agent_users:manage"]);
    const row = await trx
      .selectFrom("agent_user")
      .select(["id", "username as name"])
      .where("workspace_id", "=", workspaceId)
      .where("username", "=", agentUser)
      .executeTakeFirst();
    if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
    return { kind: "agent_user", ...row, createdBy };
  }
  requireScopes(caller, ["keys:manage"]);
  if (serviceKey === undefined)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "agent_user", problem: "Name an agent user, or a service_key." }],
    });
  const key = await trx
    .selectFrom("service_key")
    .select(["id", "name", "scopes", "expires_at"])
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", serviceKey)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (!key) throw new PluginError("KEY_NOT_FOUND");
  // The address acts as the key.
  const wanted = { scopes: key.scopes as Scope[], expiresAt: key.expires_at, now };
  return {
    kind: "service_key",
    id: key.id,
    name: key.name,
    createdBy: await requireNoWiderKey(trx, caller, wanted),
  };
}
