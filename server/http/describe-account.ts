import { type Kysely, sql } from "kysely";
import type { Account } from "../../plugin/api/v0.ts";
import type { Tables } from "../database/tables.ts";
import { agentAddress } from "../inbox/agent-address.ts";
import type { Principal } from "./principal.ts";

/** Where this server is. */
export interface Here {
  /** Known once the port is. */
  readonly apiBaseUrl: string;
  readonly mailDomain?: string | undefined;
}

/** Whose key this is, and how much was done with it. */
export async function describeAccount(
  db: Kysely<Tables>,
  principal: Principal,
  { mailDomain }: Here,
): Promise<Account> {
  const { id, purpose, createdAt } = await accountOf(db, principal);
  const { rows } = await sql<{ count: number; last: Date | null }>`
    select count(*) as count, max(e.at) as last from audit_event e
    where e.workspace_id = ${principal.workspaceId} and e.actor_kind = ${principal.kind}
      and e.actor_id = ${principal.name}`.execute(db);
  return {
    identityId: id,
    name: principal.name,
    email: principal.kind === "agent_user" ? agentAddress(principal.name, mailDomain) : null,
    displayName: principal.name,
    type: principal.kind.toUpperCase(),
    purpose,
    scopes: [...principal.scopes],
    usageCount: rows[0]?.count ?? 0,
    lastUsedAt: rows[0]?.last?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    wallet: null,
  };
}

async function accountOf(
  db: Kysely<Tables>,
  principal: Principal,
): Promise<{ id: string; purpose: string; createdAt: Date }> {
  if (principal.kind === "agent_user") {
    const row = await db
      .selectFrom("agent_user")
      .select(["purpose", "created_at"])
      .where("id", "=", principal.agentUserId)
      .executeTakeFirstOrThrow();
    return { id: principal.agentUserId, purpose: row.purpose, createdAt: row.created_at };
  }
  if (principal.kind === "service_key" && principal.keyId !== undefined) {
    const row = await db
      .selectFrom("service_key")
      .select("created_at")
      .where("id", "=", principal.keyId)
      .executeTakeFirstOrThrow();
    return { id: principal.keyId, purpose: "", createdAt: row.created_at };
  }
  const row = await db
    .selectFrom("workspace")
    .select("created_at")
    .where("id", "=", principal.workspaceId)
    .executeTakeFirstOrThrow();
  return { id: principal.workspaceId, purpose: "", createdAt: row.created_at };
}
