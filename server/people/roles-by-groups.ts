import type { Role } from "../../plugin/roles.ts";
import type { SingleSignOnTable } from "../database/tables.ts";
import { sortRoles } from "./may-manage.ts";

/** More groups than any provider puts into a token. */
const mostGroups = 2_000;

/** The roles that the groups of a person give. */
export function rolesByGroups(
  { groups_claim, roles_of_groups }: Pick<SingleSignOnTable, "groups_claim" | "roles_of_groups">,
  claims: Readonly<Record<string, unknown>>,
): Role[] {
  const said = Object.hasOwn(claims, groups_claim) ? [claims[groups_claim]].flat().slice(0, mostGroups) : [];
  const groups = new Set(said);
  return Object.entries(roles_of_groups).flatMap(([group, given]) => (groups.has(group) ? given : []));
}

export interface RolesNow {
  /** All, in the order of their table. */
  readonly roles: readonly Role[];
  /** Those that go with the groups. */
  readonly fromGroups: readonly Role[];
}

/**
 * Roles from groups replace the roles that came from groups before. What was given by hand stays, also where a group
 * gives it too.
 */
export function withGroups(
  had: readonly Role[],
  hadFromGroups: readonly Role[],
  fromGroups: readonly Role[],
): RolesNow {
  const byHand = new Set(had.filter((role) => !hadFromGroups.includes(role)));
  return {
    roles: sortRoles([...byHand, ...fromGroups]),
    fromGroups: sortRoles(fromGroups.filter((role) => !byHand.has(role))),
  };
}
