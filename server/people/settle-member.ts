import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, scopesOfRoles } from "../../plugin/roles.ts";
import { type Member, memberActor } from "../access/members.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { SingleSignOnTable, Tables } from "../database/tables.ts";
import { endCreated, endSignIns } from "./end-rights.ts";
import { hasOtherOwner } from "./members.ts";
import type { RolesNow } from "./roles-by-groups.ts";
import type { Claims } from "./single-sign-on-provider.ts";

/** A person whom the provider has sent. */
export interface Arrival {
  readonly settings: Pick<
    SingleSignOnTable,
    "workspace_id" | "issuer" | "domains" | "groups_claim" | "roles_of_groups"
  >;
  readonly claims: Claims;
  readonly ip: string;
}

/** Refused as a value: what was changed before, such as roles that are gone, stays changed. */
export type Entered = { readonly person: Member } | { readonly refusal: PluginError };

interface Settlement {
  readonly arrival: Arrival;
  readonly personId: string;
  readonly now: RolesNow;
  readonly isNew?: true;
}

/** Stores the identity and the roles of now, with their rows in the audit log. Without a role there is no entry. */
export async function settle(
  trx: Kysely<Tables>,
  at: Date,
  { arrival: { settings, claims, ip }, personId, now, isNew }: Settlement,
): Promise<Entered> {
  const { workspace_id: workspaceId, issuer } = settings;
  const before = await findMembership(trx, workspaceId, personId);
  const had = before?.removed_at === null ? before.roles : [];
  const losesOwner = had.includes("owner") && !now.roles.includes("owner");
  // It still came from a group: it goes when there is another owner.
  const kept: readonly Role[] =
    losesOwner && !(await hasOtherOwner(trx, workspaceId, personId)) ? ["owner"] : [];
  const roles = [...kept, ...now.roles];
  const group_roles = [...kept, ...now.fromGroups];
  await trx
    .insertInto("workspace_member")
    .values({ workspace_id: workspaceId, person_id: personId, roles, created_at: at })
    .onConflict((conflict) =>
      conflict.columns(["workspace_id", "person_id"]).doUpdateSet({ roles, removed_at: null }),
    )
    .execute();
  await trx
    .insertInto("person_identity")
    .values({
      workspace_id: workspaceId,
      issuer,
      subject: claims.sub,
      person_id: personId,
      group_roles,
      created_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(["workspace_id", "issuer", "subject"]).doUpdateSet({ group_roles }),
    )
    .execute();
  const facts = await trx
    .selectFrom("person")
    .select(["id", "name", "email"])
    .where("id", "=", personId)
    .executeTakeFirstOrThrow();
  const person = { ...facts, roles };
  const action = isNew ? "person.created" : "person.roles_changed";
  if (isNew || had.join() !== roles.join())
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor: memberActor(person, ip),
      action,
      subject: { kind: "person", id: personId },
      reason: "single_sign_on",
    });
  const by = { workspaceId, actor: memberActor(person, ip) };
  await endCreated(trx, by, { personId, at, keeps: scopesOfRoles(roles) });
  if (roles.length > 0) return { person };
  await endSignIns(trx, workspaceId, personId);
  return refuse(
    "SINGLE_SIGN_ON_NOT_INVITED",
    "None of your groups at your provider has a role here any more. Ask an administrator.",
  );
}

export const refuse = (
  code: "SINGLE_SIGN_ON_NOT_INVITED" | "SINGLE_SIGN_ON_REFUSED",
  message?: string,
): Entered => ({
  refusal: new PluginError(code, message === undefined ? {} : { message }),
});

export const findMembership = (trx: Kysely<Tables>, workspaceId: string, personId: string) =>
  trx
    .selectFrom("workspace_member")
    .select(["roles", "removed_at"])
    .where("workspace_id", "=", workspaceId)
    .where("person_id", "=", personId)
    .executeTakeFirst();
