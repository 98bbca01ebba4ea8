import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { isLiveKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import type { HostCaller, HostInstance } from "./caller.ts";
import { claimInstallation } from "./claim-installation.ts";

interface HostKeyParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

/**
 * Makes sure that this key speaks for this host instance. A key that has made no call is bound to the instance of its
 * first call, and never to another; and only to one that no other key has claimed.
 */
export async function bindHostKey(
  { db, clock }: HostKeyParts,
  { workspaceId, keyId, actor, boundTo }: HostCaller,
  to: HostInstance,
): Promise<void> {
  if (boundTo) return requireSameInstance(boundTo, to);
  await db.transaction().execute(async (trx) => {
    const at = clock.now();
    const row = await trx
      .selectFrom("service_key")
      .select(["host", "host_instance as hostInstance", "signed"])
      .where("workspace_id", "=", workspaceId)
      .where("id", "=", keyId)
      .where(isLiveKey("service_key", at))
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new PluginError("UNAUTHENTICATED");
    // Another call was first. It may have been one of the same instance.
    if (row.host !== null) return requireSameInstance(row, to);
    await claimInstallation(trx, { workspaceId, to, at, keyId, signed: row.signed });
    await trx
      .updateTable("service_key")
      .set({ host: to.host, host_instance: to.hostInstance })
      .where("id", "=", keyId)
      .execute();
    const subject = { kind: "service_key", id: actor.id };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "service_key.bound", subject });
  });
}

function requireSameInstance(
  one: { readonly host: string | null; readonly hostInstance: string | null } | undefined,
  to: HostInstance,
): void {
  if (one?.host !== to.host || one.hostInstance !== to.hostInstance)
    throw new PluginError("FORBIDDEN", {
      message: "This key speaks for another installation. Make one for this one in Totem, under Hosts.",
    });
}
