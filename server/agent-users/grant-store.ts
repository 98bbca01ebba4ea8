import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { type WithIsoTimes, withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";

export type Grant = WithIsoTimes<{
  readonly id: string;
  readonly username: string;
  readonly reader: string;
  readonly created_by: string;
  readonly created_at: Date;
}>;

/** `reader` may read the codes of `username`. */
export interface GrantCommand {
  readonly username: string;
  readonly reader: string;
}

const selectGrants = (db: Kysely<Tables>, { workspaceId }: AuthenticatedCaller, username: string) =>
  db
    .selectFrom("agent_user_grant as g")
    .innerJoin("agent_user as u", "u.id", "g.agent_user_id")
    .innerJoin("agent_user as r", "r.id", "g.reader_id")
    .select(["g.id", "u.username", "r.username as reader", "g.created_by", "g.created_at"])
    .where("g.workspace_id", "=", workspaceId)
    .where("u.username", "=", username);

async function getId(
  db: Kysely<Tables>,
  { workspaceId }: AuthenticatedCaller,
  username: string,
): Promise<string> {
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
export async function listGrants(
  { db }: { readonly db: Kysely<Tables> },
  caller: AuthenticatedCaller,
  username: string,
): Promise<Grant[]> {
  await getId(db, caller, username);
  const rows = await selectGrants(db, caller, username).orderBy("g.created_at").execute();
  return rows.map(withIsoTimes);
}

/** Granting twice is granting once. */
export const addGrant = (
  { db, clock }: { readonly db: Kysely<Tables>; readonly clock: Clock },
  caller: AuthenticatedCaller,
  { username, reader }: GrantCommand,
): Promise<Grant> =>
  db.transaction().execute(async (trx) => {
    const agentUserId = await getId(trx, caller, username);
    const readerId = await getId(trx, caller, reader);
    if (agentUserId === readerId) {
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "reader", problem: "An agent user reads its own codes without a grant." }],
      });
    }
    const at = clock.now();
    const created = await trx
      .insertInto("agent_user_grant")
      .values({
        id: randomUUID(),
        workspace_id: caller.workspaceId,
        agent_user_id: agentUserId,
        reader_id: readerId,
        created_by: caller.name,
        created_at: at,
      })
      .onConflict((conflict) => conflict.columns(["agent_user_id", "reader_id"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (created) {
      await writeAuditEvent(trx, {
        ...auditFactsOf(caller),
        at,
        action: "grant.created",
        subject: { kind: "agent_user", id: username },
        reason: `reader ${reader}`,
      });
    }
    return withIsoTimes(
      await selectGrants(trx, caller, username).where("r.username", "=", reader).executeTakeFirstOrThrow(),
    );
  });

export const removeGrant = (
  { db, clock }: { readonly db: Kysely<Tables>; readonly clock: Clock },
  caller: AuthenticatedCaller,
  { username, reader }: GrantCommand,
): Promise<void> =>
  db.transaction().execute(async (trx) => {
    const grant = await selectGrants(trx, caller, username)
      .where("r.username", "=", reader)
      .executeTakeFirst();
    if (!grant) throw new PluginError("GRANT_NOT_FOUND");
    await trx.deleteFrom("agent_user_grant").where("id", "=", grant.id).execute();
    await writeAuditEvent(trx, {
      ...auditFactsOf(caller),
      at: clock.now(),
      action: "grant.removed",
      subject: { kind: "agent_user", id: username },
      reason: `reader ${reader}`,
    });
  });
