import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AgentUserCaller, auditFactsOf } from "../access/caller.ts";
import { insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

/** The secret that a handle replaces. */
export type HandleKind = "code" | "key" | "password";

/** Handles in any text. They hold 128 random bits: a caller cannot guess one. */
export const handlePattern = /totem:(?:code|key|password):[A-Za-z0-9_-]{22}/g;

export interface NewHandle {
  readonly kind: HandleKind;
  readonly value: string;
  readonly expiresAt: Date;
}

export interface HandleParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
}

/**
 * Handles replace secrets that a model need not see. The database stores a hash of the handle and the sealed value. The
 * row is deleted when the handle is used.
 */
export const createHandles = (parts: HandleParts) => ({
  create: createHandle.bind(null, parts),
  redeem: redeemHandle.bind(null, parts),
});

export type Handles = ReturnType<typeof createHandles>;

const contextOf = (id: string) => ({ table: "one_time_handle", rowId: id, column: "sealed_value" });
const hashOf = (handle: string): string => createHash("sha256").update(handle).digest("base64url");

/** Only this agent user can redeem the handle. */
export async function createHandle(
  { db, keyRing, clock }: HandleParts,
  caller: AgentUserCaller,
  { kind, value, expiresAt }: NewHandle,
): Promise<string> {
  const { workspaceId, agentUserId } = caller;
  const keys = await keyRing.forWorkspace(workspaceId);
  const id = randomUUID();
  const handle = `totem:${kind}:${randomBytes(16).toString("base64url")}`;
  const now = clock.now();
  const facts = {
    ...auditFactsOf(caller),
    at: now,
    action: "handle.created",
    subject: { kind: "handle", id },
  };
  await sql`
    with expired as (delete from one_time_handle where expires_at <= ${now}
    ), created as (
      insert into one_time_handle (id, workspace_id, agent_user_id, kind, handle_hash, sealed_value, created_at, expires_at)
      values (${id}, ${workspaceId}, ${agentUserId}, ${kind}, ${hashOf(handle)}, ${keys.seal(contextOf(id), value)}, ${now}, ${expiresAt})
      returning id
    ), audited as (${insertAuditFrom("created", facts)})
    select id from created`.execute(db);
  return handle;
}

/** Turns a handle into its secret, once. All refusals are alike. */
export async function redeemHandle(
  { db, keyRing, clock }: HandleParts,
  caller: AgentUserCaller,
  handle: string,
): Promise<{ kind: HandleKind; value: string }> {
  const { workspaceId, agentUserId } = caller;
  const keys = await keyRing.forWorkspace(workspaceId);
  const now = clock.now();
  const facts = { ...auditFactsOf(caller), at: now, action: "handle.redeemed" };
  const { rows } = await sql<{ id: string | null; kind: HandleKind; sealed_value: string }>`
    with taken as (
      delete from one_time_handle
      where handle_hash = ${hashOf(handle)} and workspace_id = ${workspaceId}
        and agent_user_id = ${agentUserId} and expires_at > ${now}
      returning id, kind, sealed_value
    ), outcome as (select t.* from (select 1) one left join taken t on true
    ), audited as (${insertAuditFrom("outcome", facts, {
      subject_kind: sql`'handle'`,
      subject_id: sql`outcome.id::text`,
      result: sql`case when outcome.id is null then 'refused' else 'ok' end`,
    })})
    select * from outcome`.execute(db);
  const [row] = rows;
  if (!row || row.id === null) throw new PluginError("HANDLE_REFUSED");
  const value = keys.open(contextOf(row.id), row.sealed_value);
  return { kind: row.kind, value: value.toString() };
}
