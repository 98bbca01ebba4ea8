import { type Kysely, sql } from "kysely";
import type { PersonBody } from "../../plugin/api/people.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, rolesInWords, scopesOfRoles } from "../../plugin/roles.ts";
import type { AuthenticatedCaller, Caller } from "../access/caller.ts";
import { isWithFactor } from "../access/has-factor.ts";
import { membersOf } from "../access/members.ts";
import { createSignInLink } from "../access/sign-in-link.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { bindAddress } from "./bind-address.ts";
import { endCreated, endSentLinks } from "./end-rights.ts";
import { withdrawOpen } from "./invitations.ts";
import { joinWorkspace, lockMembers, refusePresent } from "./join-workspace.ts";
import { isWider, managerNow, requireMayGive, sortRoles } from "./may-manage.ts";
import type { PeopleParts } from "./people-parts.ts";

/** The members of the caller's workspace. */
export async function listPeople(
  { db }: Pick<PeopleParts, "db">,
  caller: AuthenticatedCaller,
): Promise<PersonBody[]> {
  return readPeople(db, caller);
}

async function readPeople(db: Kysely<Tables>, caller: Caller, only?: string): Promise<PersonBody[]> {
  const rows = await membersOf(db, caller.workspaceId)
    .select("m.created_at")
    .select(
      sql<Date | null>`(select max(s.last_seen_at) from studio_session s
        where s.person_id = p.id and s.workspace_id = m.workspace_id)`.as("last_seen_at"),
    )
    .select(isWithFactor(sql.ref("p.id")).as("has_factor"))
    .$if(only !== undefined, (query) => query.where("p.id", "=", only ?? ""))
    .execute();
  const you = caller.kind === "person" ? caller.personId : null;
  return rows.map((row) => ({ ...withIsoTimes(row), you: row.id === you }));
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
}

/** Makes a person a member by hand. The token of the link signs the person in once, within an hour. */
export async function addPerson(
  parts: PeopleParts,
  caller: AuthenticatedCaller,
  { name, email, roles }: NewPerson,
): Promise<{ readonly person: PersonBody; readonly linkToken: string }> {
  const { db, clock, defaultWorkspaceId } = parts;
  const { workspaceId, actor } = caller;
  const held = sortRoles(roles);
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    await lockMembers(trx, workspaceId);
    requireMayGive(await managerNow(trx, caller), held);
    await refusePresent(trx, workspaceId, email);
    const { id } = await bindAddress(trx, { workspaceId, email, name, at });
    await joinWorkspace(trx, { workspaceId, personId: id, roles: held, at });
    await withdrawOpen(trx, caller, { email, at });
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "person.added",
      subject: { kind: "person", id },
      reason: rolesInWords(held),
    });
    const inTransaction = { db: trx, clock, defaultWorkspaceId };
    const linkToken = await createSignInLink(inTransaction, { workspaceId, personId: id });
    return { person: await getPerson(trx, caller, id), linkToken };
  });
}

export interface RoleChange {
  readonly id: string;
  readonly roles: readonly Role[];
}

/**
 * Gives a person other roles. They count from the next request on. Keys that the person made and that may more than the
 * new roles end, and so do invitations by a person who invites no more.
 */
export function changeRoles(
  { db, clock }: PeopleParts,
  caller: AuthenticatedCaller,
  { id, roles }: RoleChange,
): Promise<PersonBody> {
  const { workspaceId, actor } = caller;
  const next = sortRoles(roles);
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    await lockMembers(trx, workspaceId);
    const manager = await managerNow(trx, caller);
    const { roles: before } = await getPerson(trx, caller, id);
    requireMayGive(manager, [...before, ...next]);
    if (caller.kind === "person" && caller.personId === id && isWider(next, before))
      throw new PluginError("FORBIDDEN", { message: "No one widens their own roles. Ask another owner." });
    if (before.includes("owner") && !next.includes("owner")) await requireOtherOwner(trx, workspaceId, id);
    await trx
      .updateTable("workspace_member")
      .set({ roles: next })
      .where("workspace_id", "=", workspaceId)
      .where("person_id", "=", id)
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "person.roles_changed",
      subject: { kind: "person", id },
      reason: `${rolesInWords(before)} to ${rolesInWords(next)}`,
    });
    const keeps = scopesOfRoles(next);
    await endCreated(trx, caller, { personId: id, at, keeps });
    if (!keeps.has("people:manage")) {
      await withdrawOpen(trx, caller, { personId: id, at });
      await endSentLinks(trx, caller, { personId: id, at });
    }
    return getPerson(trx, caller, id);
  });
}

/** A member of the caller's workspace. */
export async function getPerson(trx: Kysely<Tables>, caller: Caller, id: string): Promise<PersonBody> {
  const [person] = await readPeople(trx, caller, id);
  if (!person) throw new PluginError("PERSON_NOT_FOUND");
  return person;
}

export async function requireOtherOwner(
  trx: Kysely<Tables>,
  workspaceId: string,
  personId: string,
): Promise<void> {
  if (!(await hasOtherOwner(trx, workspaceId, personId))) throw new PluginError("LAST_OWNER");
}

/** Call it after `lockMembers`: two owners that remove each other at once must not both succeed. */
export async function hasOtherOwner(
  trx: Kysely<Tables>,
  workspaceId: string,
  personId: string,
): Promise<boolean> {
  const other = await trx
    .selectFrom("workspace_member")
    .select("person_id")
    .where("workspace_id", "=", workspaceId)
    .where("person_id", "<>", personId)
    .where("removed_at", "is", null)
    .where(sql<boolean>`'owner' = any(roles)`)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}
