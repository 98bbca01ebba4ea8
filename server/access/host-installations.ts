import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { isLiveKey } from "../database/is-live.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import type { Caller } from "./caller.ts";
import { confirmKeyPair, enrolKeyPair, type HostKeyPairParts, removeKeyPair } from "./host-key-pairs.ts";
import { fingerprintOf } from "./host-signature.ts";

/** Installations of other builders: who speaks for them, and from which machines. */
export const createHostInstallations = (parts: HostKeyPairParts) => ({
  list: listInstallations.bind(null, parts),
  change: changeInstallation.bind(null, parts),
  release: releaseInstallation.bind(null, parts),
  enrolKeyPair: enrolKeyPair.bind(null, parts),
  confirmKeyPair: confirmKeyPair.bind(null, parts),
  removeKeyPair: removeKeyPair.bind(null, parts),
});

export type HostInstallations = ReturnType<typeof createHostInstallations>;

/** Those that a key speaks for, or that have key pairs or identities. Three statements, whatever their number. */
export async function listInstallations({ db, clock }: HostKeyPairParts, workspaceId: string) {
  const installations = await db
    .selectFrom("host_installation")
    .select(["id", "host", "host_instance", "claimed_at", "embedded_at", "requires_signature"])
    .where("workspace_id", "=", workspaceId)
    .where("released_at", "is", null)
    .orderBy("claimed_at")
    .orderBy("host_instance")
    .execute();
  const pairs = await db
    .selectFrom("host_key_pair as p")
    .innerJoin("host_installation as i", "i.id", "p.installation_id")
    .select([
      "p.id",
      "p.installation_id",
      "p.public_key",
      "p.enrolled_at",
      "p.confirmed_at",
      "p.confirmed_by",
    ])
    .where("i.workspace_id", "=", workspaceId)
    .orderBy("p.enrolled_at")
    .execute();
  const keys = await db
    .selectFrom("service_key")
    .select(["host", "host_instance", "name"])
    .where("workspace_id", "=", workspaceId)
    .where("host", "is not", null)
    .where(isLiveKey("service_key", clock.now()))
    .orderBy("created_at")
    .execute();
  return installations.map(({ embedded_at, ...installation }) => ({
    ...withIsoTimes(installation),
    embedded: embedded_at !== null,
    keys: keys
      .filter(
        ({ host, host_instance }) =>
          host === installation.host && host_instance === installation.host_instance,
      )
      .map(({ name }) => name),
    key_pairs: pairs
      .filter(({ installation_id }) => installation_id === installation.id)
      .map(({ installation_id: _of, public_key, ...pair }) => ({
        ...withIsoTimes(pair),
        fingerprint: fingerprintOf(public_key),
        state: pair.confirmed_at ? ("confirmed" as const) : ("pending" as const),
      })),
  }));
}

interface Change {
  readonly id: string;
  readonly requiresSignature: boolean;
}

/** Whether its calls must be signed. Without, a copied key is enough again, also one that was made to sign. */
export function changeInstallation(
  { db, clock }: HostKeyPairParts,
  caller: Caller,
  { id, requiresSignature }: Change,
): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const { host, host_instance } = await findInstallation(trx, workspaceId, id);
    await trx
      .updateTable("host_installation")
      .set({ requires_signature: requiresSignature })
      .where("id", "=", id)
      .execute();
    if (!requiresSignature)
      await trx
        .updateTable("service_key")
        .set({ signed: false })
        .where("workspace_id", "=", workspaceId)
        .where("host", "=", host)
        .where("host_instance", "=", host_instance)
        .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor,
      action: requiresSignature ? "host_installation.signed" : "host_installation.unsigned",
      subject: { kind: "host_installation", id: `${host}/${host_instance}` },
    });
  });
}

/**
 * Gives an installation up: the next key that names it gets it, with the identities that are left. Not while a key
 * speaks for it.
 */
export function releaseInstallation(
  { db, clock }: HostKeyPairParts,
  caller: Caller,
  id: string,
): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const { host, host_instance } = await findInstallation(trx, workspaceId, id);
    const key = await trx
      .selectFrom("service_key")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("host", "=", host)
      .where("host_instance", "=", host_instance)
      .where(isLiveKey("service_key", at))
      .limit(1)
      .executeTakeFirst();
    if (key) throw new PluginError("INSTALLATION_IN_USE");
    await trx.deleteFrom("host_key_pair").where("installation_id", "=", id).execute();
    await trx
      .updateTable("host_installation")
      .set({ released_at: at, requires_signature: false })
      .where("id", "=", id)
      .execute();
    const subject = { kind: "host_installation", id: `${host}/${host_instance}` };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "host_installation.released", subject });
  });
}

async function findInstallation(trx: Kysely<Tables>, workspaceId: string, id: string) {
  const row = await trx
    .selectFrom("host_installation")
    .select(["host", "host_instance"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("released_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new PluginError("INSTALLATION_NOT_FOUND");
  return row;
}
