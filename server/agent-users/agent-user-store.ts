import { type Kysely, sql } from "kysely";
import type { AgentUserBody } from "../../plugin/api/agent-users.ts";
import type { AgentScope, Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { lockedUntil } from "../database/is-live.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { apiKeyContext, type LocationExists } from "./agent-account.ts";

interface StoreParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

/** What an operator sees of an agent user. The sealed columns are not even read. */
const selectAgentUsers = ({ db, clock }: StoreParts, { workspaceId }: AuthenticatedCaller) =>
  db
    .selectFrom("agent_user")
    .select(["username", "purpose", "host", "host_instance", "workflow_id", "agent_node_id"])
    .select(sql<Scope[]>`scopes`.as("scopes"))
    .select("mcp_tools")
    .select(sql<true>`true`.as("has_secret"))
    .select(["algorithm", "digits", "period"])
    .select(sql<boolean>`disabled_at is not null`.as("disabled"))
    .select("disabled_because")
    .select(lockedUntil("agent_user", clock.now()).as("locked_until"))
    .select(["api_key_expires_at", "created_at"])
    .where("workspace_id", "=", workspaceId);

export async function listAgentUsers(
  parts: StoreParts,
  caller: AuthenticatedCaller,
  username?: string,
): Promise<AgentUserBody[]> {
  const rows = await selectAgentUsers(parts, caller)
    .$if(username !== undefined, (query) => query.where("username", "=", username ?? ""))
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(withIsoTimes);
}

export async function getAgentUser(
  parts: StoreParts,
  caller: AuthenticatedCaller,
  username: string,
): Promise<AgentUserBody> {
  const row = await selectAgentUsers(parts, caller).where("username", "=", username).executeTakeFirst();
  if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
  return withIsoTimes(row);
}

/** Key, code and sessions are refused from now on; nothing is lost. */
export const disableAgentUser = (
  parts: StoreParts,
  caller: AuthenticatedCaller,
  username: string,
): Promise<void> =>
  // An operator's "disabled" outlives an undo on the canvas, so it replaces the weaker reasons.
  changeOne(parts, caller, {
    username,
    action: "agent_user.disabled",
    change: sql`disabled_at = ${parts.clock.now()}, disabled_because = 'operator'`,
  });

/**
 * Also ends a lock: an operator who enables an account has looked at it. An account whose agent is no longer on the
 * canvas stays disabled; restoring the workflow or the node enables it again.
 */
export async function enableAgentUser(
  parts: StoreParts & { readonly locationExists: LocationExists },
  caller: AuthenticatedCaller,
  username: string,
): Promise<void> {
  const user = await getAgentUser(parts, caller, username);
  const location = {
    workspaceId: caller.workspaceId,
    host: user.host,
    hostInstance: user.host_instance,
    workflowId: user.workflow_id,
    agentNodeId: user.agent_node_id,
  };
  await parts.db.transaction().execute(async (trx) => {
    // Asked first: a save of the workflow locks its row before those of its agents, and so do we.
    if (!(await parts.locationExists(trx, location))) {
      throw new PluginError("NODE_NOT_FOUND", {
        message: "Its agent is no longer on the canvas. Restore the node or the workflow.",
      });
    }
    await changeOne({ db: trx, clock: parts.clock }, caller, {
      username,
      action: "agent_user.enabled",
      change: sql`disabled_at = null, disabled_because = null, locked_until = null, failures_in_a_row = 0, recent_failures = '{}'`,
    });
  });
}

export interface AgentRights {
  readonly username: string;
  /** Absent: as they were. */
  readonly scopes?: readonly AgentScope[] | undefined;
  readonly mcpTools?: readonly string[] | undefined;
}

/** What its key may do, from the next request on. Its sessions end: they were opened for other rights. */
export const changeAgentRights = (
  parts: StoreParts,
  caller: AuthenticatedCaller,
  { username, scopes, mcpTools }: AgentRights,
): Promise<void> =>
  changeOne(parts, caller, {
    username,
    action: scopes ? "agent_user.scopes_changed" : "agent_user.mcp_tools_changed",
    change: sql`scopes = coalesce(${scopes ? [...scopes] : null}::text[], scopes),
      mcp_tools = coalesce(${mcpTools ? [...mcpTools] : null}::text[], mcp_tools)`,
  });

interface AgentUserChange {
  readonly username: string;
  readonly action: string;
  readonly change: ReturnType<typeof sql>;
}

async function changeOne(
  { db, clock }: StoreParts,
  caller: AuthenticatedCaller,
  { username, action, change }: AgentUserChange,
): Promise<void> {
  const facts = {
    ...auditFactsOf(caller),
    at: clock.now(),
    action,
    subject: { kind: "agent_user", id: username },
  };
  const result = await sql`
    with changed as (
      update agent_user set ${change} where workspace_id = ${caller.workspaceId} and username = ${username} returning id
    ), ended as (
      delete from agent_session where agent_user_id in (select id from changed)
    ), audited as (${insertAuditFrom("changed", facts)})
    select id from changed`.execute(db);
  if (result.rows.length === 0) throw new PluginError("AGENT_USER_NOT_FOUND");
}

/**
 * Gives an agent a new key. When this returns, the old key, every session and every MCP token of the agent are
 * refused. The new key is not shown: its agent reads it with create_agent_user.
 */
export async function rotateAgentKey(
  { db, clock, keyRing }: StoreParts & { readonly keyRing: KeyRing },
  caller: AuthenticatedCaller,
  { username, expiresInSeconds }: { readonly username: string; readonly expiresInSeconds?: number },
): Promise<void> {
  const now = clock.now();
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const key = newBearerToken("agent");
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom("agent_user")
      .select("id")
      .where("workspace_id", "=", caller.workspaceId)
      .where("username", "=", username)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
    await trx
      .updateTable("agent_user")
      .set({
        api_key_hash: hashToken(key),
        sealed_api_key: keys.seal(apiKeyContext(row.id), key),
        api_key_expires_at:
          expiresInSeconds === undefined ? null : new Date(now.getTime() + expiresInSeconds * 1000),
      })
      .where("id", "=", row.id)
      .execute();
    await trx.deleteFrom("agent_session").where("agent_user_id", "=", row.id).execute();
    await trx
      .updateTable("mcp_token")
      .set({ revoked_at: now })
      .where("agent_user_id", "=", row.id)
      .where("revoked_at", "is", null)
      .execute();
    await writeAuditEvent(trx, {
      ...auditFactsOf(caller),
      at: now,
      action: "agent_user.key_rotated",
      subject: { kind: "agent_user", id: username },
    });
  });
}
