import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

/** What a handle stands for. */
export type HandleKind = "code" | "key" | "password";

/** Handles in any text. 128 random bits: nobody finds one that was not given to them. */
export const handlePattern = /totem:(?:code|key|password):[A-Za-z0-9_-]{22}/g;

export interface HandleOwner {
  readonly workspaceId: string;
  /** The agent user that may turn the handle into the secret, and nobody else. */
  readonly agentUserId: string;
  readonly actor: Actor;
  readonly runId?: string | undefined;
  readonly nodeId?: string | undefined;
}

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

const place = (id: string) => ({ table: "one_time_handle", rowId: id, column: "sealed_value" });
const hashOf = (handle: string): string => createHash("sha256").update(handle).digest("base64url");

/**
 * Stand-ins for secrets a model need not see. Only a hash of the handle is kept, beside the sealed value; the
 * row goes when the handle is used.
 */
export const createHandles = ({ db, keyRing, clock }: HandleParts) => ({
  async create(owner: HandleOwner, { kind, value, expiresAt }: NewHandle): Promise<string> {
    const keys = await keyRing.forWorkspace(owner.workspaceId);
    const id = randomUUID();
    const handle = `totem:${kind}:${randomBytes(16).toString("base64url")}`;
    const now = clock.now();
    const facts = { ...owner, at: now, action: "handle.created", subject: { kind: "handle", id } };
    await sql`
      with gone as (delete from one_time_handle where expires_at <= ${now}
      ), made as (
        insert into one_time_handle (id, workspace_id, agent_user_id, kind, handle_hash, sealed_value, created_at, expires_at)
        values (${id}, ${owner.workspaceId}, ${owner.agentUserId}, ${kind}, ${hashOf(handle)}, ${keys.seal(place(id), value)}, ${now}, ${expiresAt})
        returning id
      ), audited as (${insertAuditFrom("made", facts)})
      select id from made`.execute(db);
    return handle;
  },

  /** Turns a handle into what it stands for, once. Whoever may not is told what everybody is told. */
  async redeem(owner: HandleOwner, handle: string): Promise<{ kind: HandleKind; value: string }> {
    const keys = await keyRing.forWorkspace(owner.workspaceId);
    const now = clock.now();
    const facts = { ...owner, at: now, action: "handle.redeemed" };
    const { rows } = await sql<{ id: string | null; kind: HandleKind; sealed_value: string }>`
      with taken as (
        delete from one_time_handle
        where handle_hash = ${hashOf(handle)} and workspace_id = ${owner.workspaceId}
          and agent_user_id = ${owner.agentUserId} and expires_at > ${now}
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
    const value = keys.open(place(row.id), row.sealed_value);
    return { kind: row.kind, value: value.toString() };
  },
});

export type Handles = ReturnType<typeof createHandles>;
