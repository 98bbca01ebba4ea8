import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Role } from "../../plugin/roles.ts";
import type { Tables } from "../database/tables.ts";

export interface NewMembership {
  readonly workspaceId: string;
  readonly personId: string;
  readonly roles: readonly Role[];
  readonly at: Date;
}

/** Makes a person a member, for the first time or again. Throws where the person is one already. */
export async function joinWorkspace(
  trx: Kysely<Tables>,
  { workspaceId, personId, roles, at }: NewMembership,
): Promise<void> {
  const joined = await trx
    .insertInto("workspace_member")
    .values({ workspace_id: workspaceId, person_id: personId, roles: [...roles], created_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(["workspace_id", "person_id"])
        .doUpdateSet({ roles: [...roles], created_at: at, removed_at: null })
        .where(sql<boolean>`workspace_member.removed_at is not null`),
    )
    .returning("person_id")
    .executeTakeFirst();
  if (!joined) throw new PluginError("PERSON_PRESENT");
}

/** Until the transaction ends, no other one changes who belongs to this workspace: it keeps an owner. */
export async function lockMembers(trx: Kysely<Tables>, workspaceId: string): Promise<void> {
  await trx
    .selectFrom("workspace")
    .select("id")
    .where("id", "=", workspaceId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Throws where a member has this address already, whether it was proved or not. */
export async function refusePresent(db: Kysely<Tables>, workspaceId: string, email: string): Promise<void> {
  const present = await db
    .selectFrom("workspace_member as m")
    .innerJoin("person as p", "p.id", "m.person_id")
    .select("p.id")
    .where("m.workspace_id", "=", workspaceId)
    .where("m.removed_at", "is", null)
    .where((is) => is.or([is("p.email", "=", email), is("p.proved_email", "=", email)]))
    .executeTakeFirst();
  if (present) throw new PluginError("PERSON_PRESENT");
}
