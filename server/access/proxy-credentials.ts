import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { ProxyCredentialBody } from "../../plugin/api/proxy.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { type AgentRow, agentUserCaller } from "./authenticate.ts";
import type { AgentUserCaller, AuthenticatedCaller } from "./caller.ts";
import { noteLastUse } from "./last-use.ts";
import { findMaker } from "./no-wider-key.ts";

interface ProxyCredentialParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

/**
 * What a program shows to the proxy, to act for one agent user there. It opens nothing else: no route of the API takes
 * it. The database stores only a hash.
 */
export const createProxyCredentials = (parts: ProxyCredentialParts) => ({
  create: createProxyCredential.bind(null, parts),
  list: listProxyCredentials.bind(null, parts),
  revoke: revokeProxyCredential.bind(null, parts),
  authenticate: authenticateAtProxy.bind(null, parts),
});

export type ProxyCredentials = ReturnType<typeof createProxyCredentials>;

interface NewCredential {
  readonly agentUser: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** What ended is removed by the next one of its kind. */
const keptMs = 90 * 86_400_000;

export function createProxyCredential(
  { db, clock }: ProxyCredentialParts,
  caller: AuthenticatedCaller,
  { agentUser, expiresIn }: NewCredential,
): Promise<ProxyCredentialBody & { credential: string }> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const now = clock.now();
    const maker = await findMaker(trx, caller, now);
    const agent = await trx
      .selectFrom("agent_user")
      .select(["id", "username"])
      .where("workspace_id", "=", workspaceId)
      .where("username", "=", agentUser)
      .executeTakeFirst();
    if (!agent) throw new PluginError("AGENT_USER_NOT_FOUND");
    await sql`delete from proxy_credential where workspace_id = ${workspaceId}
      and least(expires_at, revoked_at) <= ${new Date(now.getTime() - keptMs)}`.execute(trx);
    const credential = newBearerToken("proxy");
    const times = { created_at: now, expires_at: new Date(now.getTime() + expiresIn * 1000) };
    const id = randomUUID();
    await trx
      .insertInto("proxy_credential")
      .values({
        id,
        workspace_id: workspaceId,
        agent_user_id: agent.id,
        token_hash: hashToken(credential),
        ...times,
        ...maker,
      })
      .execute();
    const subject = { kind: "agent_user", id: agent.username };
    await writeAuditEvent(trx, { workspaceId, at: now, actor, action: "proxy_credential.created", subject });
    const unused = { created_by: caller.name, last_used_at: null, last_used_ip: null };
    return { ...withIsoTimes({ id, agent_user: agent.username, ...times, ...unused }), credential };
  });
}

/** Those that still work. */
export async function listProxyCredentials(
  { db, clock }: ProxyCredentialParts,
  { workspaceId }: AuthenticatedCaller,
): Promise<ProxyCredentialBody[]> {
  const rows = await db
    .selectFrom("proxy_credential as c")
    .innerJoin("agent_user as u", "u.id", "c.agent_user_id")
    .select([
      "c.id",
      "u.username as agent_user",
      "c.created_at",
      "c.expires_at",
      "c.created_by",
      "c.last_used_at",
      "c.last_used_ip",
    ])
    .where("c.workspace_id", "=", workspaceId)
    .where("c.revoked_at", "is", null)
    .where("c.expires_at", ">", clock.now())
    .orderBy("c.created_at")
    .orderBy("c.id")
    .execute();
  return rows.map(withIsoTimes);
}

export function revokeProxyCredential(
  { db, clock }: ProxyCredentialParts,
  { workspaceId, actor }: AuthenticatedCaller,
  id: string,
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const revoked = await trx
      .updateTable("proxy_credential")
      .set({ revoked_at: at })
      .where("id", "=", id)
      .where("workspace_id", "=", workspaceId)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    if (revoked.numUpdatedRows === 0n) throw new PluginError("KEY_NOT_FOUND");
    const subject = { kind: "proxy_credential", id };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "proxy_credential.revoked", subject });
  });
}

interface ShownAtProxy {
  readonly username: string;
  readonly credential: string;
  readonly ip: string;
}

/** The agent that a program acts for; undefined where the credential is none, is over, or is another agent's. */
export async function authenticateAtProxy(
  parts: ProxyCredentialParts,
  { username, credential, ip }: ShownAtProxy,
): Promise<AgentUserCaller | undefined> {
  const { rows } = await sql<AgentRow & { credential_id: string; last_used_at: Date | null }>`
    select c.id as credential_id, c.last_used_at, u.id, u.workspace_id, u.username, u.host, u.host_instance,
      u.workflow_id, u.agent_node_id, u.scopes
    from proxy_credential c join agent_user u on u.id = c.agent_user_id and u.disabled_at is null
    where c.token_hash = ${hashToken(credential)} and u.username = ${username}
      and c.revoked_at is null and c.expires_at > ${parts.clock.now()}`.execute(parts.db);
  const [row] = rows;
  if (!row) return undefined;
  const { credential_id: id, last_used_at: lastUsedAt } = row;
  await noteLastUse(parts, { table: "proxy_credential", id, lastUsedAt, ip });
  return agentUserCaller(row, "proxy", ip);
}
