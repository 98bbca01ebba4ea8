import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import { isLiveKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import type { HostInstance } from "./caller.ts";

interface Claim {
  readonly workspaceId: string;
  readonly to: HostInstance;
  readonly at: Date;
  /** Its calls must be signed, because the key that claims it was made so. */
  readonly signed: boolean;
}

/**
 * Notes that an installation belongs to keys of this workspace. The row is locked until commit, so that of two keys
 * that come at the same moment one is first.
 */
async function lockInstallation(trx: Kysely<Tables>, { workspaceId, to, at, signed }: Claim) {
  const place = { workspace_id: workspaceId, host: to.host, host_instance: to.hostInstance };
  await trx
    .insertInto("host_installation")
    .values({ id: randomUUID(), ...place, claimed_at: at, requires_signature: signed })
    .onConflict((conflict) => conflict.constraint("host_installation_place").doNothing())
    .execute();
  return trx
    .selectFrom("host_installation")
    .select(["id", "released_at", "embedded_at"])
    .where("workspace_id", "=", workspaceId)
    .where("host", "=", to.host)
    .where("host_instance", "=", to.hostInstance)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** Claims an installation for a key that a person makes for it by name, as many as there are. */
export async function nameInstallation(trx: Kysely<Tables>, claim: Claim): Promise<void> {
  const { id, released_at } = await lockInstallation(trx, claim);
  if (released_at === null) return;
  await trx
    .updateTable("host_installation")
    .set({ claimed_at: claim.at, requires_signature: claim.signed, released_at: null })
    .where("id", "=", id)
    .execute();
}

/**
 * Claims an installation for the program that embeds this server, each time that it starts: before its first agent, and
 * again after a person gave it up. A key that a person names for it may speak for it too.
 */
export function claimForProgram(
  db: Kysely<Tables>,
  { workspaceId, to, at, actor }: Omit<Claim, "signed"> & { readonly actor: Actor },
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const { id, released_at, embedded_at } = await lockInstallation(trx, {
      workspaceId,
      to,
      at,
      signed: false,
    });
    if (embedded_at !== null && released_at === null) return;
    await trx
      .updateTable("host_installation")
      .set({ embedded_at: at, released_at: null })
      .where("id", "=", id)
      .execute();
    const subject = { kind: "host_installation", id: `${to.host}/${to.hostInstance}` };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "host_installation.embedded", subject });
  });
}

/**
 * Claims an installation for a key that no person has named it for. Throws FORBIDDEN for one that is in use: with a live
 * key, with a key pair, or with a program or identities that no person has given up. Its names are no secrets, and must
 * open nothing.
 */
export async function claimInstallation(
  trx: Kysely<Tables>,
  claim: Claim & { readonly keyId: string },
): Promise<void> {
  const { id, released_at, embedded_at } = await lockInstallation(trx, claim);
  const { workspaceId, to, at, keyId } = claim;
  const hasProgram = embedded_at !== null && released_at === null;
  // A statement of its own, after the lock: it sees what the key before it has committed.
  const { rows } = await sql<{ taken: boolean }>`
    select exists(
        select 1 from service_key k where k.workspace_id = ${workspaceId} and k.host = ${to.host}
          and k.host_instance = ${to.hostInstance} and k.id <> ${keyId} and ${isLiveKey("k", at)}
      ) or (${released_at === null}::boolean and exists(
        select 1 from agent_user u where u.workspace_id = ${workspaceId} and u.host = ${to.host}
          and u.host_instance = ${to.hostInstance}
      )) or exists(select 1 from host_key_pair p where p.installation_id = ${id}) as taken`.execute(trx);
  if (hasProgram || rows[0]?.taken !== false)
    throw new PluginError("FORBIDDEN", {
      message:
        "Another key or program speaks for this installation. Make another key for it in Totem, under Hosts, and use that one here.",
    });
  await trx
    .updateTable("host_installation")
    .set({ claimed_at: at, requires_signature: claim.signed, released_at: null })
    .where("id", "=", id)
    .execute();
}
