import { type Kysely, sql } from "kysely";
import type { AgentScope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { AgentUserRow, Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import type { PlaceExists } from "./agent-place.ts";

/** What an operator sees of an agent user. The sealed columns are not even read. */
export const shownColumns = [
  "id",
  "username",
  "purpose",
  "host",
  "host_instance",
  "workflow_id",
  "agent_node_id",
  "scopes",
  "algorithm",
  "digits",
  "period",
  "disabled_at",
  "disabled_because",
  "locked_until",
  "api_key_expires_at",
  "created_at",
] as const;
export type ShownAgentUser = Pick<AgentUserRow, (typeof shownColumns)[number]>;

/** Which agent user, and who wants something done with it. */
export interface AgentUserDeed {
  readonly workspaceId: string;
  readonly username: string;
  readonly actor: Actor;
}

export const listAgentUsers =
  ({ db }: { db: Kysely<Tables> }) =>
  (workspaceId: string, username?: string): Promise<ShownAgentUser[]> =>
    db
      .selectFrom("agent_user")
      .select(shownColumns)
      .where("workspace_id", "=", workspaceId)
      .$if(username !== undefined, (query) => query.where("username", "=", username ?? ""))
      .orderBy("created_at", "desc")
      .orderBy("id")
      .execute();

export const getAgentUser =
  ({ db }: { db: Kysely<Tables> }) =>
  async (workspaceId: string, username: string): Promise<ShownAgentUser> => {
    const row = await db
      .selectFrom("agent_user")
      .select(shownColumns)
      .where("workspace_id", "=", workspaceId)
      .where("username", "=", username)
      .executeTakeFirst();
    if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
    return row;
  };

/** Key, code and sessions are refused from this moment; nothing is lost. */
export const disableAgentUser =
  ({ db, clock }: { db: Kysely<Tables>; clock: Clock }) =>
  async (deed: AgentUserDeed): Promise<void> => {
    const now = clock.now();
    // An operator's "disabled" outlives an undo on the canvas, so it replaces the weaker reasons.
    await changeOne(
      db,
      now,
      deed,
      "agent_user.disabled",
      sql`disabled_at = ${now}, disabled_because = 'operator'`,
    );
  };

/**
 * Also ends a lock: an operator who enables an account has looked at it. An account whose agent is no longer
 * on the canvas stays dead; restoring the workflow or the node brings it back.
 */
export const enableAgentUser =
  ({ db, clock, placeExists }: { db: Kysely<Tables>; clock: Clock; placeExists: PlaceExists }) =>
  async (deed: AgentUserDeed): Promise<void> => {
    const row = await getAgentUser({ db })(deed.workspaceId, deed.username);
    const place = {
      workspaceId: deed.workspaceId,
      host: row.host,
      hostInstance: row.host_instance,
      workflowId: row.workflow_id,
      agentNodeId: row.agent_node_id,
    };
    await db.transaction().execute(async (trx) => {
      // Asked first: whoever saves a workflow takes its row before those of its agents, and so do we.
      if (!(await placeExists(trx, place))) {
        throw new PluginError("NODE_NOT_FOUND", {
          message: "Its agent is no longer on the canvas. Restore the node or the workflow.",
        });
      }
      await changeOne(
        trx,
        clock.now(),
        deed,
        "agent_user.enabled",
        sql`disabled_at = null, disabled_because = null, locked_until = null, failures_in_a_row = 0, recent_failures = '{}'`,
      );
    });
  };

/** What its key may do, from the next request on. Sessions end: they were opened for less, or for more. */
export const changeAgentScopes =
  ({ db, clock }: { db: Kysely<Tables>; clock: Clock }) =>
  (deed: AgentUserDeed, scopes: readonly AgentScope[]): Promise<void> =>
    changeOne(db, clock.now(), deed, "agent_user.scopes_changed", sql`scopes = ${[...scopes]}::text[]`);

async function changeOne(
  db: Kysely<Tables>,
  at: Date,
  deed: AgentUserDeed,
  action: string,
  change: ReturnType<typeof sql>,
): Promise<void> {
  const facts = { ...deed, at, action, subject: { kind: "agent_user", id: deed.username } };
  const result = await sql`
    with changed as (
      update agent_user set ${change} where workspace_id = ${deed.workspaceId} and username = ${deed.username} returning id
    ), ended as (
      delete from agent_session where agent_user_id in (select id from changed)
    ), audited as (${insertAuditFrom("changed", facts)})
    select id from changed`.execute(db);
  if (result.rows.length === 0) throw new PluginError("AGENT_USER_NOT_FOUND");
}

/**
 * The old key, every session made with it and every token of its agent's are dead when this returns. The
 * new key is not shown: its agent reads it with create_agent_user.
 */
export const rotateAgentKey =
  ({ db, clock, keyRing }: { db: Kysely<Tables>; clock: Clock; keyRing: KeyRing }) =>
  async (deed: AgentUserDeed, expiresInSeconds?: number): Promise<void> => {
    const now = clock.now();
    const keys = await keyRing.forWorkspace(deed.workspaceId);
    const key = newBearerToken("agent");
    await db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom("agent_user")
        .select("id")
        .where("workspace_id", "=", deed.workspaceId)
        .where("username", "=", deed.username)
        .forUpdate()
        .executeTakeFirst();
      if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
      await trx
        .updateTable("agent_user")
        .set({
          api_key_hash: hashToken(key),
          sealed_api_key: keys.seal({ table: "agent_user", rowId: row.id, column: "sealed_api_key" }, key),
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
        ...deed,
        at: now,
        action: "agent_user.key_rotated",
        subject: { kind: "agent_user", id: deed.username },
      });
    });
  };
