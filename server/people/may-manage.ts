import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, role, scopesOfRoles } from "../../plugin/roles.ts";
import { requireScopes } from "../access/authorize.ts";
import { type Caller, hasScope } from "../access/caller.ts";
import { findMember } from "../access/members.ts";
import type { Tables } from "../database/tables.ts";

/**
 * The caller as the members are now, after `lockMembers`: roles that were taken away while the request was on its way
 * give no right any more.
 */
export async function managerNow(trx: Kysely<Tables>, caller: Caller): Promise<Caller> {
  // It would end with the first person who comes in, and leave the workspace without its owner.
  if (caller.kind === "person" && caller.personId === null)
    throw new PluginError("FORBIDDEN", {
      message: "This session has no name yet. Open a new sign-in link first: it makes you the owner.",
    });
  const manager = await asMemberNow(trx, caller);
  requireScopes(manager, ["people:manage"]);
  return manager;
}

/** The caller with the roles of now. */
export async function asMemberNow(trx: Kysely<Tables>, caller: Caller): Promise<Caller> {
  if (caller.kind !== "person" || caller.personId === null) return caller;
  const member = await findMember(trx, caller.workspaceId, caller.personId);
  if (!member) throw new PluginError("UNAUTHENTICATED");
  return { ...caller, roles: member.roles, scopes: scopesOfRoles(member.roles) };
}

/** An owner, or the server's own key: it opens a link for any person, so it may no less. */
const actsAsOwner = (caller: Caller): boolean =>
  caller.provenBy === "admin_key" || (caller.kind === "person" && caller.roles.includes("owner"));

/** Refuses to give, change or take roles that may more than the caller may. */
export function requireMayGive(caller: Caller, held: readonly Role[]): void {
  if (held.includes("owner") && !actsAsOwner(caller))
    throw new PluginError("FORBIDDEN", { message: "Only owners make, change and remove owners." });
  if ([...scopesOfRoles(held)].some((scope) => !hasScope(caller, scope)))
    throw new PluginError("FORBIDDEN", { message: "This role may more than you may." });
}

/** Whether these roles may something that the others may not. */
export function isWider(next: readonly Role[], than: readonly Role[]): boolean {
  const known = scopesOfRoles(than);
  const isNewOwner = next.includes("owner") && !than.includes("owner");
  return isNewOwner || [...scopesOfRoles(next)].some((scope) => !known.has(scope));
}

/** Each role once, in the order of the table. */
export const sortRoles = (held: readonly Role[]): Role[] =>
  role.options.filter((name) => held.includes(name));
