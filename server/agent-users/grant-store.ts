import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";

export interface Grant {
  readonly id: string;
  readonly username: string;
  readonly reader: string;
  readonly created_by: string;
  readonly created_at: Date;
}

export interface GrantDeed {
  readonly workspaceId: string;
  readonly username: string;
  readonly reader: string;
  readonly actor: Actor;
}

const selectGrants = (db: Kysely<Tables>, workspaceId: string, username: string) =>
  db
    .selectFrom("agent_user_grant as g")
    .innerJoin("agent_user as u", "u.id", "g.agent_user_id")
    .innerJoin("agent_user as r", "r.id", "g.reader_id")
    .select(["g.id", "u.username", "r.username as reader", "g.created_by", "g.created_at"])
    .where("g.workspace_id", "=", workspaceId)
    .where("u.username", "=", username);

async function getId(db: Kysely<Tables>, workspaceId: string, username: string): Promise<string> {
  const row = await db
    .selectFrom("agent_user")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("username", "=", username)
    .executeTakeFirst();
  if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
  return row.id;
}

/** Who may read this agent user's codes, besides itself. */
export const listGrants =
  ({ db }: { db: Kysely<Tables> }) =>
  async (workspaceId: string, username: string): Promise<Grant[]> => {
    await getId(db, workspaceId, username);
    return selectGrants(db, workspaceId, username).orderBy("g.created_at").execute();
  };

/** Granting twice is granting once. */
export const addGrant =
  ({ db, clock }: { db: Kysely<Tables>; clock: Clock }) =>
  ({ workspaceId, username, reader, actor }: GrantDeed): Promise<Grant> =>
    db.transaction().execute(async (trx) => {
      const [agentUserId, readerId] = [
        await getId(trx, workspaceId, username),
        await getId(trx, workspaceId, reader),
      ];
      if (agentUserId === readerId) {
        throw new PluginError("INPUT_INVALID", {
          fields: [{ field: "reader", problem: "An agent user reads its own codes without a grant." }],
        });
      }
      const at = clock.now();
      const made = await trx
        .insertInto("agent_user_grant")
        .values({
          id: randomUUID(),
          workspace_id: workspaceId,
          agent_user_id: agentUserId,
          reader_id: readerId,
          created_by: actor.id,
          created_at: at,
        })
        .onConflict((conflict) => conflict.columns(["agent_user_id", "reader_id"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      if (made) {
        await writeAuditEvent(trx, {
          workspaceId,
          at,
          actor,
          action: "grant.created",
          subject: { kind: "agent_user", id: username },
          reason: `reader ${reader}`,
        });
      }
      return selectGrants(trx, workspaceId, username)
        .where("r.username", "=", reader)
        .executeTakeFirstOrThrow();
    });

export const removeGrant =
  ({ db, clock }: { db: Kysely<Tables>; clock: Clock }) =>
  ({ workspaceId, username, reader, actor }: GrantDeed): Promise<void> =>
    db.transaction().execute(async (trx) => {
      const grant = await selectGrants(trx, workspaceId, username)
        .where("r.username", "=", reader)
        .executeTakeFirst();
      if (!grant) throw new PluginError("GRANT_NOT_FOUND");
      await trx.deleteFrom("agent_user_grant").where("id", "=", grant.id).execute();
      await writeAuditEvent(trx, {
        workspaceId,
        at: clock.now(),
        actor,
        action: "grant.removed",
        subject: { kind: "agent_user", id: username },
        reason: `reader ${reader}`,
      });
    });
