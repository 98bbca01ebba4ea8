import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { isLiveKey } from "../database/is-live.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { administratorKeyName, type Caller, type HostInstance } from "./caller.ts";
import { nameInstallation } from "./claim-installation.ts";
import { removeWaitingPairs } from "./host-key-pairs.ts";
import { bindHostKey } from "./host-keys.ts";
import { type Maker, requireNoWiderKey } from "./no-wider-key.ts";
import { insertWorkspace } from "./workspaces.ts";

export interface ServiceKeyParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keyRing: KeyRing;
}

/** Keys for programs. The database stores only a hash: the key is in the answer that creates it and nowhere else. */
export const createServiceKeys = (parts: ServiceKeyParts) => ({
  create: createServiceKey.bind(null, parts),
  list: listServiceKeys.bind(null, parts),
  rotate: rotateServiceKey.bind(null, parts),
  revoke: revokeServiceKey.bind(null, parts),
  bind: bindHostKey.bind(null, parts),
  createWorkspace: createWorkspace.bind(null, parts),
});

export type ServiceKeys = ReturnType<typeof createServiceKeys>;

interface NewServiceKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresInSeconds?: number | undefined;
  /** The one host instance it speaks for, where that is known already. */
  readonly boundTo?: HostInstance | undefined;
  /** The calls of its host must be signed with a key pair that a person has confirmed. */
  readonly signed?: boolean | undefined;
}

const shownColumns = [
  "id",
  "name",
  "scopes",
  "created_at",
  "expires_at",
  "host",
  "host_instance",
  "signed",
  "created_by",
  "last_used_at",
  "last_used_ip",
  "previous_until",
] as const;

export function createServiceKey({ db, clock }: ServiceKeyParts, caller: Caller, newKey: NewServiceKey) {
  return db.transaction().execute(async (trx) => {
    const { workspaceId } = caller;
    const { name } = newKey;
    const now = clock.now();
    const expiresAt = endOf(newKey, now);
    const createdBy = await requireNoWiderKey(trx, caller, { scopes: newKey.scopes, expiresAt, now });
    // The audit log names a key by its name. Two keys of one name, or one named like the server's own, would hide
    // who did what.
    const taken = await trx
      .selectFrom("service_key")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("name", "=", name)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    if (newKey.boundTo)
      await nameInstallation(trx, {
        workspaceId,
        to: newKey.boundTo,
        at: now,
        signed: newKey.signed ?? false,
      });
    if (taken || ["administrator", administratorKeyName].includes(name.toLowerCase())) throw nameTaken();
    return insertKey({ db: trx, clock }, caller, { ...newKey, ...createdBy, workspaceId });
  });
}

const endOf = ({ expiresInSeconds }: Pick<NewServiceKey, "expiresInSeconds">, now: Date): Date | null =>
  expiresInSeconds === undefined ? null : new Date(now.getTime() + expiresInSeconds * 1000);

interface InsertedKey extends NewServiceKey, Maker {
  readonly workspaceId: string;
}

async function insertKey(
  { db, clock }: Pick<ServiceKeyParts, "db" | "clock">,
  { actor }: Caller,
  {
    workspaceId,
    name,
    scopes,
    expiresInSeconds,
    boundTo,
    signed,
    created_by,
    created_by_person,
  }: InsertedKey,
) {
  const at = clock.now();
  const key = newBearerToken("key");
  const row = await db
    .insertInto("service_key")
    .values({
      id: randomUUID(),
      workspace_id: workspaceId,
      name,
      key_hash: hashToken(key),
      scopes: [...scopes],
      created_at: at,
      expires_at: endOf({ expiresInSeconds }, at),
      host: boundTo?.host ?? null,
      host_instance: boundTo?.hostInstance ?? null,
      signed: signed ?? false,
      created_by,
      created_by_person,
    })
    .returning(shownColumns)
    .executeTakeFirstOrThrow();
  const subject = { kind: "service_key", id: name };
  await writeAuditEvent(db, { workspaceId, at, actor, action: "service_key.created", subject });
  return { ...toShownKey(row, at), key };
}

export async function listServiceKeys({ db, clock }: ServiceKeyParts, workspaceId: string) {
  const rows = await db
    .selectFrom("service_key")
    .select(shownColumns)
    .where("workspace_id", "=", workspaceId)
    .where("revoked_at", "is", null)
    .orderBy("created_at")
    .execute();
  const now = clock.now();
  return rows.map((row) => toShownKey(row, now));
}

const toShownKey = <Row extends { readonly scopes: string[]; readonly previous_until: Date | null }>(
  row: Row,
  now: Date,
) => ({
  ...withIsoTimes({
    ...row,
    previous_until: row.previous_until && row.previous_until > now ? row.previous_until : null,
  }),
  scopes: row.scopes as Scope[],
});

export function revokeServiceKey({ db, clock }: ServiceKeyParts, caller: Caller, id: string): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const row = await trx
      .updateTable("service_key")
      .set({ revoked_at: at })
      .where("workspace_id", "=", workspaceId)
      .where("id", "=", id)
      .where("revoked_at", "is", null)
      .returning(["name", "host", "host_instance"])
      .executeTakeFirst();
    if (!row) throw new PluginError("KEY_NOT_FOUND");
    await removeWaitingPairs(trx, caller, { ...row, at });
    const subject = { kind: "service_key", id: row.name };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "service_key.revoked", subject });
  });
}

interface Rotation {
  readonly id: string;
  /** For so long the old key is accepted beside the new one. */
  readonly overlapSeconds: number;
}

/**
 * Gives a key a new secret. Its scopes, its end and its host stay. It is now the key of who rotated it, who has the
 * secret: it ends with that person. The secret before the last one ends at once, so that two rotations in a row end
 * every copy of the first.
 */
export function rotateServiceKey(
  { db, clock }: ServiceKeyParts,
  caller: Caller,
  { id, overlapSeconds }: Rotation,
) {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const known = await trx
      .selectFrom("service_key")
      .select(["name", "scopes", "key_hash", "expires_at"])
      .where("workspace_id", "=", workspaceId)
      .where("id", "=", id)
      .where(isLiveKey("service_key", at))
      .forUpdate()
      .executeTakeFirst();
    if (!known) throw new PluginError("KEY_NOT_FOUND");
    // The answer is the key: a caller that may less must not get it.
    const { scopes, expires_at: expiresAt } = known;
    const madeBy = await requireNoWiderKey(trx, caller, { scopes: scopes as Scope[], expiresAt, now: at });
    const key = newBearerToken("key");
    const row = await trx
      .updateTable("service_key")
      .set({
        ...madeBy,
        key_hash: hashToken(key),
        previous_key_hash: overlapSeconds === 0 ? null : known.key_hash,
        previous_until: overlapSeconds === 0 ? null : new Date(at.getTime() + overlapSeconds * 1000),
      })
      .where("id", "=", id)
      .returning(shownColumns)
      .executeTakeFirstOrThrow();
    await removeWaitingPairs(trx, caller, { ...row, at });
    const subject = { kind: "service_key", id: known.name };
    await writeAuditEvent(trx, { workspaceId, at, actor, action: "service_key.rotated", subject });
    return { ...toShownKey(row, at), key };
  });
}

/** A new workspace with its own data key, and the key that administers it. A person who creates one owns it. */
export async function createWorkspace(
  { db, clock, keyRing }: ServiceKeyParts,
  caller: Caller,
  name: string,
): Promise<{ id: string; name: string; key: string }> {
  const id = randomUUID();
  const dataKey = await keyRing.newDataKey(id);
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const scopes = ["admin"] as const;
    const createdBy = await requireNoWiderKey(trx, caller, { scopes, expiresAt: null, now: at });
    if (!(await insertWorkspace(trx, { id, name, at, dataKey }))) throw nameTaken();
    if (caller.kind === "person" && caller.personId !== null)
      await trx
        .insertInto("workspace_member")
        .values({ workspace_id: id, person_id: caller.personId, roles: ["owner"], created_at: at })
        .execute();
    const firstKey = { workspaceId: id, name: "first key", scopes, ...createdBy };
    const { key } = await insertKey({ db: trx, clock }, caller, firstKey);
    return { id, name, key };
  });
}

const nameTaken = (): PluginError =>
  new PluginError("INPUT_INVALID", { fields: [{ field: "name", problem: "Already taken." }] });
