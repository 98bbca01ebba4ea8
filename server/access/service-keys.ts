import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import type { HostInstance } from "./caller.ts";

export interface ShownServiceKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly host: string | null;
  readonly host_instance: string | null;
}

interface NewServiceKey {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresInSeconds?: number;
  /** The one host instance it speaks for, where that is known already. */
  readonly boundTo?: HostInstance;
  readonly actor: Actor;
}

export type ServiceKeys = ReturnType<typeof createServiceKeys>;

/** Keys for programs. Only a hash is kept: the key is in the answer that makes it and nowhere else. */
export function createServiceKeys({
  db,
  clock,
  keyRing,
}: {
  db: Kysely<Tables>;
  clock: Clock;
  keyRing: KeyRing;
}) {
  async function insert(
    trx: Kysely<Tables>,
    { workspaceId, name, scopes, expiresInSeconds, boundTo, actor }: NewServiceKey,
  ) {
    const at = clock.now();
    const key = newBearerToken("key");
    const expiresAt =
      expiresInSeconds === undefined ? null : new Date(at.getTime() + expiresInSeconds * 1000);
    const row = {
      id: randomUUID(),
      name,
      scopes: [...scopes],
      created_at: at,
      expires_at: expiresAt,
      host: boundTo?.host ?? null,
      host_instance: boundTo?.hostInstance ?? null,
    };
    await trx
      .insertInto("service_key")
      .values({ ...row, workspace_id: workspaceId, key_hash: hashToken(key) })
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "service_key.created",
      subject: { kind: "service_key", id: name },
    });
    return { ...show(row), key };
  }

  return {
    create: (input: NewServiceKey) =>
      db.transaction().execute(async (trx) => {
        // The audit log names a key by its name: two of one name, or one that is called like the server's own, would hide who did it.
        const { name, workspaceId } = input;
        const taken = await trx
          .selectFrom("service_key")
          .select("id")
          .where("workspace_id", "=", workspaceId)
          .where("name", "=", name)
          .where("revoked_at", "is", null)
          .executeTakeFirst();
        if (taken || name.toLowerCase() === "administrator")
          throw new PluginError("INPUT_INVALID", { fields: [{ field: "name", problem: "Already taken." }] });
        return insert(trx, input);
      }),

    async list(workspaceId: string): Promise<ShownServiceKey[]> {
      const rows = await db
        .selectFrom("service_key")
        .select(["id", "name", "scopes", "created_at", "expires_at", "host", "host_instance"])
        .where("workspace_id", "=", workspaceId)
        .where("revoked_at", "is", null)
        .orderBy("created_at")
        .execute();
      return rows.map(show);
    },

    revoke: ({ workspaceId, id, actor }: { workspaceId: string; id: string; actor: Actor }): Promise<void> =>
      db.transaction().execute(async (trx) => {
        const at = clock.now();
        const row = await trx
          .updateTable("service_key")
          .set({ revoked_at: at })
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", id)
          .where("revoked_at", "is", null)
          .returning("name")
          .executeTakeFirst();
        if (!row) throw new PluginError("KEY_NOT_FOUND");
        await writeAuditEvent(trx, {
          workspaceId,
          at,
          actor,
          action: "service_key.revoked",
          subject: { kind: "service_key", id: row.name },
        });
      }),

    /**
     * Makes sure that this key speaks for this host instance: a key that has spoken for none speaks for the
     * first one that uses it, and never for another.
     */
    async bind(
      { workspaceId, keyId, actor }: { workspaceId: string; keyId: string; actor: Actor },
      to: HostInstance,
    ): Promise<void> {
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
      // Another call was first; it may have been one of the same instance.
      const row = await db
        .selectFrom("service_key")
        .select(["host", "host_instance"])
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", keyId)
        .executeTakeFirst();
      if (row?.host !== to.host || row.host_instance !== to.hostInstance) throw otherInstance();
    },

    /** Refuses a key that was revoked, or has run out, since its request began. */
    async requireLive({ workspaceId, keyId }: { workspaceId: string; keyId: string }): Promise<void> {
      const row = await db
        .selectFrom("service_key")
        .select("id")
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", keyId)
        .where("revoked_at", "is", null)
        .where((key) => key.or([key("expires_at", "is", null), key("expires_at", ">", clock.now())]))
        .executeTakeFirst();
      if (!row) throw new PluginError("UNAUTHENTICATED");
    },

    /** A workspace of its own, with its own data key, and the key that administers it. */
    async createWorkspace({
      name,
      actor,
    }: {
      name: string;
      actor: Actor;
    }): Promise<{ id: string; name: string; key: string }> {
      const id = randomUUID();
      return db.transaction().execute(async (trx) => {
        const made = await trx
          .insertInto("workspace")
          .values({ id, name, created_at: clock.now() })
          .onConflict((conflict) => conflict.doNothing())
          .returning("id")
          .executeTakeFirst();
        if (!made)
          throw new PluginError("INPUT_INVALID", { fields: [{ field: "name", problem: "Already taken." }] });
        const wrapped = keyRing.newDataKey(id);
        await trx
          .insertInto("data_key")
          .values({ workspace_id: id, ...wrapped, created_at: clock.now() })
          .execute();
        const { key } = await insert(trx, {
          workspaceId: id,
          name: "administrator",
          scopes: ["admin"],
          actor,
        });
        return { id, name, key };
      });
    },
  };
}

export const otherInstance = (): PluginError =>
  new PluginError("FORBIDDEN", {
    message: "This key speaks for another host instance. Make one for this one.",
  });

const show = (row: {
  id: string;
  name: string;
  scopes: string[];
  created_at: Date;
  expires_at: Date | null;
  host: string | null;
  host_instance: string | null;
}): ShownServiceKey => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes as Scope[],
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at?.toISOString() ?? null,
  host: row.host,
  host_instance: row.host_instance,
});
