import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { type Role, scopesOfRoles } from "../../plugin/roles.ts";
import type { Tables } from "../database/tables.ts";
import { nameOfPerson } from "./caller.ts";

/** A person of a workspace, as lists of readers name them. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** The people of a workspace, by name. */
export async function listMembers(db: Kysely<Tables>, workspaceId: string): Promise<Member[]> {
  const rows = await db
    .selectFrom("workspace_member as m")
    .innerJoin("person as p", "p.id", "m.person_id")
    .select(["p.id", "p.name", "p.email", "m.roles"])
    .where("m.workspace_id", "=", workspaceId)
    .where("m.removed_at", "is", null)
    .orderBy("p.name")
    .orderBy("p.id")
    .execute();
  return rows.map((row) => ({ id: row.id, name: nameOfPerson(row), roles: row.roles }));
}

/** Whether one of a person's roles allows this. */
export const memberMay = ({ roles }: Member, scope: Scope): boolean => scopesOfRoles(roles).has(scope);
