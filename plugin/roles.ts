import { z } from "zod";
import { type Scope, scopes } from "./api/scopes.ts";

interface RoleDefinition {
  readonly title: string;
  /** What a person with it may do, in words. */
  readonly description: string;
  readonly scopes: readonly Scope[];
}

/**
 * The roles of people. A person may hold several. Routes declare scopes; the studio's buttons and the documents are
 * derived from this table too.
 */
const definitions = {
  owner: {
    title: "Owner",
    description: "Everything, and alone names and removes owners.",
    scopes: ["admin"],
  },
  administrator: {
    title: "Administrator",
    description: "Everything but owners: people, keys, sign-in, vault, inbox, workflows.",
    scopes: ["admin"],
  },
  builder: {
    title: "Builder",
    description: "Draws and runs workflows. Sees no code and no data.",
    scopes: ["workflows:read", "workflows:write", "runs:write"],
  },
  operator: {
    title: "Operator",
    description: "Runs the vault, the inbox and the agent users. Reads workflows.",
    scopes: [
      "workflows:read",
      "codes:read",
      "vault:read",
      "vault:write",
      "vault:open",
      "vault:backup",
      "vault:delete",
      "mail:read",
      "mail:manage",
      "agent_users:manage",
    ],
  },
  auditor: {
    title: "Auditor",
    description: "Reads lists, runs and the audit log. Opens nothing.",
    scopes: ["workflows:read", "audit:read", "lists:read"],
  },
} as const satisfies Record<string, RoleDefinition>;

export const role = z.enum(Object.keys(definitions) as [Role, ...Role[]]);
export type Role = keyof typeof definitions;
export const roles: Readonly<Record<Role, RoleDefinition>> = definitions;

/** Roles that are held, named or asked: each at most once, so no more than there are. */
export const someRoles = z.array(role).max(role.options.length);

/** What people with these roles may do. `admin` includes all others. */
export function scopesOfRoles(held: readonly Role[]): ReadonlySet<Scope> {
  const may = new Set(held.flatMap((name) => roles[name].scopes));
  return may.has("admin") ? new Set(scopes) : may;
}

/** "owner" or "builder, auditor". */
export const rolesInWords = (held: readonly Role[]): string => held.join(", ");
