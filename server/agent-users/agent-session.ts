import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { type AgentPlace, isAt } from "./agent-place.ts";
import { findClaimant, settleClaim, type VerifierParts } from "./verify-code.ts";

/** A session outlives its code, not by much: 10 minutes. */
const sessionMinutes = 10;

export interface AgentSession {
  readonly token: string;
  readonly expiresAt: Date;
}

const expiryFrom = (now: Date): Date => new Date(now.getTime() + sessionMinutes * 60_000);

async function insertSession(db: Kysely<Tables>, agentUserId: string, now: Date): Promise<AgentSession> {
  const token = newBearerToken("session");
  const expiresAt = expiryFrom(now);
  await db
    .deleteFrom("agent_session")
    .where("agent_user_id", "=", agentUserId)
    .where("expires_at", "<=", now)
    .execute();
  await db
    .insertInto("agent_session")
    .values({
      id: randomUUID(),
      agent_user_id: agentUserId,
      token_hash: hashToken(token),
      created_at: now,
      expires_at: expiresAt,
    })
    .execute();
  return { token, expiresAt };
}

/**
 * The login exchange: API key and code for a short session. A wrong key, a wrong code and a disabled
 * account are refused in the same words. The code is spent and the session made in one transaction,
 * so that a fault of ours costs the agent nothing.
 */
export const openAgentSession =
  (parts: VerifierParts) =>
  async (login: {
    readonly apiKey: string;
    readonly code: string;
    readonly ip: string | null;
  }): Promise<AgentSession> => {
    const now = parts.clock.now();
    const claimant = await findClaimant(
      parts.db,
      sql<boolean>`u.api_key_hash = ${hashToken(login.apiKey)} and (u.api_key_expires_at is null or u.api_key_expires_at > ${now})`,
    );
    if (!claimant) throw new PluginError("CODE_REJECTED");
    const actor = { kind: "agent_user" as const, id: claimant.username, ip: login.ip };
    // Read before the transaction: a pool whose connections all wait in here for one more would never go on.
    await parts.keyRing.forWorkspace(claimant.workspace_id);
    let refusal: unknown;
    const session = await parts.db.transaction().execute(async (trx) => {
      try {
        await settleClaim({ ...parts, db: trx }, claimant, { code: login.code, actor });
      } catch (error) {
        // A refusal is an outcome, not a fault: what it counted must be committed.
        if (
          !(error instanceof PluginError) ||
          (error.code !== "CODE_REJECTED" && error.code !== "RATE_LIMITED")
        )
          throw error;
        refusal = error;
        return undefined;
      }
      await writeAuditEvent(trx, {
        workspaceId: claimant.workspace_id,
        at: now,
        actor,
        action: "agent_session.opened",
        subject: { kind: "agent_user", id: claimant.username },
        workflowId: claimant.workflow_id,
      });
      return insertSession(trx, claimant.id, now);
    });
    if (!session) throw refusal;
    return session;
  };

/** A session made for an agent by its own platform_api tool, so that neither key nor code passes through the model. */
export const openSessionFor =
  ({ db, clock }: { db: Kysely<Tables>; clock: Clock }) =>
  async (place: AgentPlace): Promise<AgentSession & { readonly username: string }> => {
    const row = await db
      .selectFrom("agent_user as u")
      .select(["id", "username", "disabled_at"])
      .where(isAt("u", place))
      .executeTakeFirst();
    if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
    if (row.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
    return { ...(await insertSession(db, row.id, clock.now())), username: row.username };
  };
