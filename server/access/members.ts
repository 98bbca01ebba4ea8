import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { type Role, rolesInWords, scopesOfRoles } from "../../plugin/roles.ts";
import type { Actor } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";

/** A person of a workspace. */
export interface Member {
  readonly id: string;
  /** Empty where the person gave none: `nameOfMember` always finds one. */
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
}

/** The people of a workspace, those who came first in front. */
export const membersOf = (db: Kysely<Tables>, workspaceId: string) =>
  db
    .selectFrom("workspace_member as m")
    .innerJoin("person as p", "p.id", "m.person_id")
    .select(["p.id", "p.name", "p.email", "m.roles"])
    .where("m.workspace_id", "=", workspaceId)
    .where("m.removed_at", "is", null)
    .orderBy("m.created_at")
    .orderBy("p.id");

export const findMember = (
  db: Kysely<Tables>,
  workspaceId: string,
  personId: string,
): Promise<Member | undefined> => membersOf(db, workspaceId).where("p.id", "=", personId).executeTakeFirst();

/** The name for people: the given one, else the address, else the role. */
export const nameOfMember = ({ name, email, roles }: Omit<Member, "id">): string =>
  name || email || (roles[0] === "owner" ? "Owner" : "A person");

/** A person, as the audit log names who did something. */
export const memberActor = (member: Member, ip?: string): Actor => ({
  kind: "person",
  id: member.id,
  name: nameOfMember(member),
  role: rolesInWords(member.roles),
  ip,
});

/** A person, as lists of readers name them. */
export interface NamedMember {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** The people of a workspace, by name. */
export async function listMembers(db: Kysely<Tables>, workspaceId: string): Promise<NamedMember[]> {
  const rows = await membersOf(db, workspaceId).clearOrderBy().orderBy("p.name").orderBy("p.id").execute();
  return rows.map((row) => ({ id: row.id, name: nameOfMember(row), roles: row.roles }));
}

/** Whether one of a person's roles allows this. */
export const memberMay = ({ roles }: NamedMember, scope: Scope): boolean => scopesOfRoles(roles).has(scope);
