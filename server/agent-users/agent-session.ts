import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { hasLiveApiKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { acceptCode, findClaimant, type VerifierParts } from "./accept-code.ts";

/** A session lives a little longer than its code: 10 minutes. */
const sessionMinutes = 10;

export interface AgentSession {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface AgentLogin {
  readonly apiKey: string;
  readonly code: string;
  readonly ip: string | null;
}

/**
 * The login exchange: API key and code for a short session. A wrong key, a wrong code and a disabled account are
 * refused in the same words. One transaction uses the code and creates the session, so that a fault of ours costs
 * the agent nothing.
 */
export async function openAgentSession(parts: VerifierParts, login: AgentLogin): Promise<AgentSession> {
  const now = parts.clock.now();
  const claimant = await findClaimant(
    parts.db,
    sql<boolean>`u.api_key_hash = ${hashToken(login.apiKey)} and ${hasLiveApiKey("u", now)}`,
  );
  if (!claimant) throw new PluginError("CODE_REJECTED");
  const actor = { kind: "agent_user" as const, id: claimant.username, ip: login.ip };
  // Before the transaction: if all connections of a pool waited in here for one more, none would go on.
  await parts.keyRing.forWorkspace(claimant.workspace_id);
  let refusal: unknown;
  const session = await parts.db.transaction().execute(async (trx) => {
    try {
      await acceptCode({ ...parts, db: trx }, claimant, { code: login.code, actor });
    } catch (error) {
      // A refusal is an outcome, not a fault: what it counted must be committed.
      if (!(error instanceof PluginError) || !["CODE_REJECTED", "RATE_LIMITED"].includes(error.code))
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
}

async function insertSession(db: Kysely<Tables>, agentUserId: string, now: Date): Promise<AgentSession> {
  const token = newBearerToken("session");
  const expiresAt = new Date(now.getTime() + sessionMinutes * 60_000);
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
