import { type Kysely, sql } from "kysely";
import type { Account } from "../../plugin/api/v0.ts";
import { agentAddress } from "../../plugin/username.ts";
import type { Caller } from "../access/caller.ts";
import type { Tables } from "../database/tables.ts";

/** Where others reach this server. */
export interface OwnAddresses {
  /** Known once the port is. */
  readonly apiBaseUrl: string;
  /** Where people open the studio: the same by a name, which passkeys need. */
  readonly studioUrl: string;
  readonly mailDomain?: string | undefined;
}

/** Whose key this is, and how much was done with it. */
export async function describeAccount(
  db: Kysely<Tables>,
  caller: Caller,
  { mailDomain }: Pick<OwnAddresses, "mailDomain">,
): Promise<Account> {
  const { id, purpose, createdAt } = await accountOf(db, caller);
  const { rows } = await sql<{ count: number; last: Date | null }>`
    select count(*) as count, max(e.at) as last from audit_event e
    where e.workspace_id = ${caller.workspaceId} and e.actor_kind = ${caller.actor.kind}
      and e.actor_id = ${caller.actor.id}`.execute(db);
  return {
    identityId: id,
    name: caller.name,
    email: caller.kind === "agent_user" ? agentAddress(caller.name, mailDomain) : null,
    displayName: caller.name,
    type: caller.actor.kind.toUpperCase(),
    purpose,
    scopes: [...caller.scopes],
    usageCount: rows[0]?.count ?? 0,
    lastUsedAt: rows[0]?.last?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    wallet: null,
  };
}

async function accountOf(
  db: Kysely<Tables>,
  caller: Caller,
): Promise<{ id: string; purpose: string; createdAt: Date }> {
  if (caller.kind === "agent_user") {
    const row = await db
      .selectFrom("agent_user")
      .select(["purpose", "created_at"])
      .where("id", "=", caller.agentUserId)
      .executeTakeFirstOrThrow();
    return { id: caller.agentUserId, purpose: row.purpose, createdAt: row.created_at };
  }
  if ((caller.kind === "service_key" || caller.kind === "host") && caller.keyId !== undefined) {
    const row = await db
      .selectFrom("service_key")
      .select("created_at")
      .where("id", "=", caller.keyId)
      .executeTakeFirstOrThrow();
    return { id: caller.keyId, purpose: "", createdAt: row.created_at };
  }
  const row = await db
    .selectFrom("workspace")
    .select("created_at")
    .where("id", "=", caller.workspaceId)
    .executeTakeFirstOrThrow();
  return { id: caller.workspaceId, purpose: "", createdAt: row.created_at };
}
