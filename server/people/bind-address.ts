import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { memberActor } from "../access/members.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";

export interface VouchedAddress {
  /** The workspace that says whose the address is: by an invitation, by its provider, or by hand. */
  readonly workspaceId: string;
  readonly email: string;
  /** For a person that is new, or has no name yet. */
  readonly name?: string | undefined;
  readonly at: Date;
}

export interface BoundPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

/**
 * The person that an address means, in the caller's transaction: the one it is bound to, or a new one.
 *
 * A workspace vouches for addresses only within itself. Its administrator holds every link to invite with, and sets up
 * its provider: one that named a person of another workspace would take that person's account over. So such a person
 * is refused here, and comes in by signing in with a factor of their own. Nor does an account come from there: who had
 * a hand in it may have added a factor to it. An address that a person has only claimed binds nothing; the person it is
 * vouched for gets it.
 */
export async function bindAddress(
  trx: Kysely<Tables>,
  { workspaceId, email, name = "", at }: VouchedAddress,
): Promise<BoundPerson> {
  await lockAddress(trx, email);
  const holder = await holderOf(trx, email);
  if (holder) {
    const { here, elsewhere, wasElsewhere } = await membershipsOf(trx, holder.id, workspaceId);
    if (elsewhere) throw new PluginError("PERSON_ELSEWHERE");
    if (here || !wasElsewhere) return named(trx, holder, name);
    await trx.updateTable("person").set({ proved_email: null }).where("id", "=", holder.id).execute();
  }
  await takeFromClaimant(trx, { email, at });
  const person = { id: randomUUID(), name, email };
  await trx
    .insertInto("person")
    .values({ ...person, proved_email: email, created_at: at })
    .execute();
  return person;
}

/** Until the transaction ends: of two invitations to one new address, the second finds the person of the first. */
export async function lockAddress(trx: Kysely<Tables>, email: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`address ${email}`}, 0))`.execute(trx);
}

/** The person to whom an address is bound. */
export const holderOf = (db: Kysely<Tables>, email: string): Promise<BoundPerson | undefined> =>
  db
    .selectFrom("person")
    .select(["id", "name", "email"])
    .where("proved_email", "=", email)
    .executeTakeFirst();

/** A person without a name gets one. */
async function named(trx: Kysely<Tables>, person: BoundPerson, name: string): Promise<BoundPerson> {
  if (person.name !== "" || name === "") return person;
  await trx.updateTable("person").set({ name }).where("id", "=", person.id).execute();
  return { ...person, name };
}

/** Whether a person is left over from other workspaces: a member of none any more, and never one here. */
export async function isLeftOver(trx: Kysely<Tables>, personId: string, workspaceId: string) {
  const { wasHere, elsewhere, wasElsewhere } = await membershipsOf(trx, personId, workspaceId);
  return !wasHere && !elsewhere && wasElsewhere;
}

/** Where a person is a member, and where they were one. */
async function membershipsOf(trx: Kysely<Tables>, personId: string, workspaceId: string) {
  const rows = await trx
    .selectFrom("workspace_member")
    .select(["workspace_id", "removed_at"])
    .where("person_id", "=", personId)
    .execute();
  const others = rows.filter((row) => row.workspace_id !== workspaceId);
  return {
    here: rows.some((row) => row.workspace_id === workspaceId && row.removed_at === null),
    wasHere: rows.some((row) => row.workspace_id === workspaceId),
    elsewhere: others.some((row) => row.removed_at === null),
    wasElsewhere: others.length > 0,
  };
}

interface OwnClaim {
  readonly personId: string;
  readonly email: string;
  /** An owner of the server's own workspace, who has its command line too: there the claim binds. */
  readonly isBelieved: boolean;
}

/** Before a person gives an address of their own, in the caller's transaction. False where another person has it. */
export async function claimAddress(
  trx: Kysely<Tables>,
  { personId, email, isBelieved }: OwnClaim,
): Promise<boolean> {
  await lockAddress(trx, email);
  const other = await trx
    .selectFrom("person")
    .select("id")
    .where(sql<boolean>`${email} in (email, proved_email)`)
    .where("id", "<>", personId)
    .executeTakeFirst();
  if (other) return false;
  if (isBelieved)
    await trx.updateTable("person").set({ proved_email: email }).where("id", "=", personId).execute();
  return true;
}

interface Claim {
  readonly email: string;
  readonly at: Date;
  /** The person who gets it. */
  readonly exceptFrom?: string | null;
}

/** A person who has only claimed an address gives it up. The audit log of each of their workspaces says so. */
export async function takeFromClaimant(
  trx: Kysely<Tables>,
  { email, at, exceptFrom = null }: Claim,
): Promise<void> {
  const claimant = await trx
    .updateTable("person")
    .set({ email: null })
    .where("email", "=", email)
    .where(sql<boolean>`proved_email is distinct from ${email} and id is distinct from ${exceptFrom}::uuid`)
    .returning(["id", "name"])
    .executeTakeFirst();
  if (!claimant) return;
  const memberships = await trx
    .selectFrom("workspace_member")
    .select(["workspace_id", "roles"])
    .where("person_id", "=", claimant.id)
    .where("removed_at", "is", null)
    .execute();
  for (const { workspace_id: workspaceId, roles } of memberships)
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor: memberActor({ ...claimant, email: null, roles }),
      action: "person.address_lost",
      subject: { kind: "person", id: claimant.id },
    });
}
