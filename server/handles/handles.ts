import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { originsCovering } from "../../plugin/origin.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AgentUserCaller, auditFactsOf } from "../access/caller.ts";
import { insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { openText } from "../secrets/open-text.ts";
import { originRefused } from "./origin-refused.ts";

/** The secret that a handle replaces. */
export type HandleKind = "code" | "key" | "password";

/** Handles in any text. They hold 128 random bits: a caller cannot guess one. */
export const handlePattern = /totem:(?:code|key|password):[A-Za-z0-9_-]{22}/g;

/**
 * Where a handle's secret may be sent. An agent's own code and key: to this server, in this process. A vault entry's: to
 * the entry's origins. A delivered code belongs to no entry: to the origins that people set on the canvas.
 */
export type HandlePlace =
  | { readonly belongsTo: "own_account" }
  | { readonly belongsTo: "tool"; readonly origins: readonly string[] }
  | { readonly belongsTo: "vault_entry"; readonly entryId: string };

export interface NewHandle {
  readonly kind: HandleKind;
  readonly value: string;
  readonly expiresAt: Date;
  readonly place: HandlePlace;
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
  redeem: redeemHandles.bind(null, parts),
});

export type Handles = ReturnType<typeof createHandles>;

const contextOf = (id: string) => ({ table: "one_time_handle", rowId: id, column: "sealed_value" });
const hashOf = (handle: string): string => createHash("sha256").update(handle).digest("base64url");

/** Only this agent user can redeem the handle. */
export async function createHandle(
  { db, keyRing, clock }: HandleParts,
  caller: AgentUserCaller,
  { kind, value, expiresAt, place }: NewHandle,
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
  const ofEntry = place.belongsTo === "vault_entry" ? place.entryId : null;
  const origins =
    place.belongsTo === "vault_entry"
      ? sql`(select origins from vault_entry where id = ${ofEntry}::uuid and workspace_id = ${workspaceId})`
      : sql`${place.belongsTo === "tool" ? [...place.origins] : []}::text[]`;
  await sql`
    with expired as (delete from one_time_handle where ctid = any(array(
        select ctid from one_time_handle where expires_at <= ${now} limit 100 for update skip locked))
    ), created as (
      insert into one_time_handle (id, workspace_id, agent_user_id, kind, handle_hash, sealed_value, created_at, expires_at, origins,
        belongs_to, entry_id)
      values (${id}, ${workspaceId}, ${agentUserId}, ${kind}, ${hashOf(handle)}, ${keys.seal(contextOf(id), value)}, ${now}, ${expiresAt},
        coalesce(${origins}, '{}'), ${place.belongsTo}, ${ofEntry}::uuid)
      returning id
    ), audited as (${insertAuditFrom("created", facts)})
    select id from created`.execute(db);
  return handle;
}

interface Outcome {
  readonly id: string | null;
  readonly handle_hash: string;
  readonly kind: HandleKind;
  readonly sealed_value: string;
  readonly belongs_to: HandlePlace["belongsTo"];
  readonly origins: string[];
  readonly covered: boolean;
  readonly released: boolean;
}

export interface Redemption {
  readonly handles: readonly string[];
  /** Where the secrets are sent: an address that was judged. */
  readonly target: URL;
  /**
   * This server takes them itself: in this process, or by the hand of a program that holds the agent's own key. A request
   * to our own address is no such thing: an agent could send its key to a route that shows it or makes it last.
   */
  readonly isOwnApi?: boolean;
}

export interface RedeemedSecret {
  readonly kind: HandleKind;
  readonly value: string;
}

/** This server's own address. One that is part of another program and listens nowhere gets a name that leads nowhere. */
export const homeOf = ({ apiBaseUrl }: { readonly apiBaseUrl: string }): URL =>
  new URL(URL.canParse(apiBaseUrl) ? apiBaseUrl : "http://totem.invalid");

/**
 * Turns handles into their secrets, once, for one request to `target`: all or none. Where a secret does not belong there
 * every handle stays whole, and the refusal says where it belongs: its agent reads that. Other refusals are alike.
 */
export async function redeemHandles(
  { db, keyRing, clock }: HandleParts,
  caller: AgentUserCaller,
  { handles, target, isOwnApi = false }: Redemption,
): Promise<ReadonlyMap<string, RedeemedSecret>> {
  const byHash = new Map(handles.map((handle) => [hashOf(handle), handle]));
  if (byHash.size === 0) return new Map();
  const { workspaceId, agentUserId } = caller;
  const keys = await keyRing.forWorkspace(workspaceId);
  const now = clock.now();
  const facts = { ...auditFactsOf(caller), at: now, action: "handle.redeemed" };
  const { rows } = await sql<Outcome>`
    with found as (
      select id, handle_hash, kind, sealed_value, belongs_to, origins,
        case belongs_to when 'own_account' then ${isOwnApi}::boolean
          else origins && ${originsCovering(target)}::text[] end as covered
      from one_time_handle
      where handle_hash = any(${[...byHash.keys()]}::text[]) and workspace_id = ${workspaceId}
        and agent_user_id = ${agentUserId} and expires_at > ${now}
      order by id for update
    ), verdict as (
      select count(*) = ${byHash.size} and bool_and(covered) as released from found
    ), taken as (
      delete from one_time_handle h using found f, verdict v where h.id = f.id and v.released
    ), outcome as (
      select f.*, v.released from verdict v left join found f on true
    ), audited as (${insertAuditFrom("outcome", facts, {
      subject_kind: sql`'handle'`,
      subject_id: sql`outcome.id::text`,
      result: sql`case when outcome.released then 'ok' else 'refused' end`,
      reason: sql`case when not outcome.covered then 'origin' end`,
    })})
    select * from outcome`.execute(db);
  const elsewhere = rows.find(({ covered }) => covered === false);
  if (elsewhere) throw originRefused(elsewhere.belongs_to, elsewhere.origins);
  return new Map(
    rows.map(({ id, handle_hash, kind, sealed_value, released }) => {
      if (id === null || !released) throw new PluginError("HANDLE_REFUSED");
      return [byHash.get(handle_hash) ?? "", { kind, value: openText(keys, contextOf(id), sealed_value) }];
    }),
  );
}
