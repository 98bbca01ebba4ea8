import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { Caller, HostCaller, HostInstance } from "./caller.ts";
import { bindHostKey } from "./host-keys.ts";
import { fingerprintOf } from "./host-signature.ts";

export interface HostKeyPairParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

/** More machines than one installation runs on. */
const mostConfirmed = 10;
/**
 * Places of their own, so that the confirmed ones never stand in the way of a new machine. A copied key can fill them:
 * they are few enough to be removed by hand, and all of them go when the key is rotated or revoked.
 */
const mostWaiting = 3;
const hourMs = 3_600_000;
/** A key pair that waits so long for a person is removed by the next one; sooner where a machine works already. */
const longestWaitMs = { withMachine: hourMs, without: 7 * 24 * hourMs };

export interface EnrolledKeyPair {
  readonly state: "pending" | "confirmed";
  readonly fingerprint: string;
}

/**
 * Takes the public key of a machine of an installation. The request was signed with its private half. It opens nothing
 * before a person has compared the fingerprint. The same key pair may come again, and is told how far it is.
 */
export async function enrolKeyPair(
  parts: HostKeyPairParts,
  caller: HostCaller,
  { installation, publicKey }: { readonly installation: HostInstance; readonly publicKey: string },
): Promise<EnrolledKeyPair> {
  await bindHostKey(parts, caller, installation);
  const { workspaceId, actor } = caller;
  const at = parts.clock.now();
  const fingerprint = fingerprintOf(publicKey);
  return parts.db.transaction().execute(async (trx) => {
    const { id } = await trx
      .selectFrom("host_installation")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("host", "=", installation.host)
      .where("host_instance", "=", installation.hostInstance)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const pairs = await trx
      .selectFrom("host_key_pair")
      .select(["public_key", "confirmed_at", "enrolled_at"])
      .where("installation_id", "=", id)
      .execute();
    const known = pairs.find(({ public_key }) => public_key === publicKey);
    if (known) return { state: known.confirmed_at ? "confirmed" : "pending", fingerprint } as const;
    const hasMachine = pairs.some(({ confirmed_at }) => confirmed_at !== null);
    const oldest = new Date(at.getTime() - longestWaitMs[hasMachine ? "withMachine" : "without"]);
    await trx
      .deleteFrom("host_key_pair")
      .where("installation_id", "=", id)
      .where("confirmed_at", "is", null)
      .where("enrolled_at", "<", oldest)
      .execute();
    const waiting = pairs.filter((pair) => pair.confirmed_at === null && pair.enrolled_at >= oldest);
    if (waiting.length >= mostWaiting) throw tooManyWait();
    await trx
      .insertInto("host_key_pair")
      .values({ id: randomUUID(), installation_id: id, public_key: publicKey, enrolled_at: at })
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "host_key_pair.enrolled",
      subject: { kind: "host_key_pair", id: fingerprint },
    });
    return { state: "pending", fingerprint } as const;
  });
}

/**
 * A person has compared the fingerprint with the one that the host shows. From then on every call of the installation
 * must be signed.
 */
export function confirmKeyPair(
  { db, clock }: HostKeyPairParts,
  caller: Caller,
  { id, fingerprint }: { readonly id: string; readonly fingerprint: string },
): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const pair = await findPair(trx, workspaceId, id);
    if (fingerprintOf(pair.public_key) !== fingerprint)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "fingerprint", problem: "It is not the fingerprint of this key pair." }],
      });
    if (pair.confirmed_at) return;
    // Its row is locked first, so that two people at once do not confirm more than fit.
    await trx
      .selectFrom("host_installation")
      .select("id")
      .where("id", "=", pair.installation_id)
      .forUpdate()
      .execute();
    const confirmed = await trx
      .selectFrom("host_key_pair")
      .select("id")
      .where("installation_id", "=", pair.installation_id)
      .where("confirmed_at", "is not", null)
      .execute();
    if (confirmed.length >= mostConfirmed) throw new PluginError("TOO_MANY_KEY_PAIRS");
    await trx
      .updateTable("host_key_pair")
      .set({ confirmed_at: at, confirmed_by: caller.name })
      .where("id", "=", id)
      .execute();
    await trx
      .updateTable("host_installation")
      .set({ requires_signature: true })
      .where("id", "=", pair.installation_id)
      .execute();
    const subject = { kind: "host_key_pair", id: fingerprint };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "host_key_pair.confirmed", subject });
  });
}

/** Ends a key pair at once: it was lost, or it is not the host's. The installation's calls stay refused without one. */
export function removeKeyPair({ db, clock }: HostKeyPairParts, caller: Caller, id: string): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const pair = await findPair(trx, workspaceId, id);
    await trx.deleteFrom("host_key_pair").where("id", "=", id).execute();
    const subject = { kind: "host_key_pair", id: fingerprintOf(pair.public_key) };
    const at = clock.now();
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "host_key_pair.removed", subject });
  });
}

/**
 * Removes the key pairs that wait at the installation of a key whose secret ends: some may be of a thief who copied it,
 * and would hold the places. A host that still has a key sends its own again.
 */
export async function removeWaitingPairs(
  trx: Kysely<Tables>,
  { workspaceId, actor }: Caller,
  { host, host_instance, at }: { host: string | null; host_instance: string | null; at: Date },
): Promise<void> {
  if (host === null || host_instance === null) return;
  const removed = await trx
    .deleteFrom("host_key_pair")
    .where("confirmed_at", "is", null)
    .where("installation_id", "in", (installations) =>
      installations
        .selectFrom("host_installation")
        .select("id")
        .where("workspace_id", "=", workspaceId)
        .where("host", "=", host)
        .where("host_instance", "=", host_instance),
    )
    .returning("public_key")
    .execute();
  for (const { public_key } of removed) {
    const subject = { kind: "host_key_pair", id: fingerprintOf(public_key) };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "host_key_pair.removed", subject });
  }
}

const tooManyWait = (): PluginError =>
  new PluginError("TOO_MANY_KEY_PAIRS", {
    message: `${mostWaiting} key pairs of this installation wait for a person. Remove those that are not its own in Totem, under Hosts. If more come, its key was copied: rotate the key, which removes all that wait.`,
  });

async function findPair(trx: Kysely<Tables>, workspaceId: string, id: string) {
  const pair = await trx
    .selectFrom("host_key_pair as p")
    .innerJoin("host_installation as i", "i.id", "p.installation_id")
    .select(["p.public_key", "p.confirmed_at", "p.installation_id"])
    .where("i.workspace_id", "=", workspaceId)
    .where("p.id", "=", id)
    .forUpdate("p")
    .executeTakeFirst();
  if (!pair) throw new PluginError("KEY_PAIR_NOT_FOUND");
  return pair;
}
