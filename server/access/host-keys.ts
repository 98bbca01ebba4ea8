import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { isLiveKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import type { HostCaller, HostInstance } from "./caller.ts";

interface HostKeyParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

/**
 * Makes sure that this key speaks for this host instance. A key that has made no call is bound to the instance of its
 * first call, and never to another.
 */
export async function bindHostKey(
  { db, clock }: HostKeyParts,
  { workspaceId, keyId, actor, boundTo }: HostCaller,
  to: HostInstance,
): Promise<void> {
  if (boundTo) return requireSameInstance(boundTo, to);
  const facts = {
    workspaceId,
    at: clock.now(),
    actor,
    action: "service_key.bound",
    subject: { kind: "service_key", id: actor.id },
  };
  const { rows } = await sql`
    with bound as (
      update service_key set host = ${to.host}, host_instance = ${to.hostInstance}
      where workspace_id = ${workspaceId} and id = ${keyId} and host is null returning id
    ), audited as (${insertAuditFrom("bound", facts)})
    select id from bound`.execute(db);
  if (rows.length > 0) return;
  // Another call was first. It may have been one of the same instance.
  const row = await db
    .selectFrom("service_key")
    .select(["host", "host_instance as hostInstance"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", keyId)
    .executeTakeFirst();
  requireSameInstance(row, to);
}

function requireSameInstance(
  one: { readonly host: string | null; readonly hostInstance: string | null } | undefined,
  to: HostInstance,
): void {
  if (one?.host !== to.host || one.hostInstance !== to.hostInstance)
    throw new PluginError("FORBIDDEN", {
      message: "This key speaks for another host instance. Make one for this one.",
    });
}

/** Refuses a key that was revoked or expired since its request began. */
export async function requireLiveHostKey(
  { db, clock }: HostKeyParts,
  { workspaceId, keyId }: HostCaller,
): Promise<void> {
  const row = await db
    .selectFrom("service_key")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", keyId)
    .where(isLiveKey("service_key", clock.now()))
    .executeTakeFirst();
  if (!row) throw new PluginError("UNAUTHENTICATED");
}
