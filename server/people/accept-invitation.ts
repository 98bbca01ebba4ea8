import { type Kysely, sql } from "kysely";
import type { z } from "zod";
import type { shownInvitation } from "../../plugin/api/people.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, rolesInWords } from "../../plugin/roles.ts";
import type { PersonCaller } from "../access/caller.ts";
import { requireKnownPerson, type SentCode } from "../access/factor-rules.ts";
import { requireFreshProof } from "../access/fresh-proof.ts";
import { hasFactor } from "../access/has-factor.ts";
import { findMember, memberActor } from "../access/members.ts";
import type { Device, OpenedSession } from "../access/open-session.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken } from "../secrets/bearer-token.ts";
import { type BoundPerson, bindAddress, holderOf, lockAddress, takeFromClaimant } from "./bind-address.ts";
import { isOpenInvitation, withdrawOpen } from "./invitations.ts";
import { joinWorkspace } from "./join-workspace.ts";
import type { PeopleParts } from "./people-parts.ts";
import { factorForSeveral } from "./switch-workspace.ts";

/** What an invited person sees before they accept. The link is all it takes to see it. */
export async function readInvitation(
  { db, clock }: PeopleParts,
  token: string,
): Promise<z.infer<typeof shownInvitation>> {
  const row = await db
    .selectFrom("invitation as i")
    .innerJoin("workspace as w", "w.id", "i.workspace_id")
    .select(["i.email", "i.roles", "w.name as workspace", "i.invited_by", "i.expires_at"])
    .where("i.token_hash", "=", hashToken(token))
    .where(isOpenInvitation(clock.now()))
    .executeTakeFirst();
  if (!row) throw new PluginError("INVITATION_NOT_FOUND");
  return withIsoTimes(row);
}

export interface Acceptance {
  readonly token: string;
  readonly name?: string | undefined;
}

/**
 * Accepts as a person who is not signed in: a new one, or one who was removed and comes back. The link alone never
 * signs in as a person of another workspace (see `bindAddress`).
 */
export function acceptInvitation(
  { db, clock, studioSessions }: PeopleParts,
  { token, name }: Acceptance,
  device: Device,
): Promise<OpenedSession> {
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const { workspace_id: workspaceId, email } = await findOpen(trx, token, at);
    const person = await bindAddress(trx, { workspaceId, email, name, at });
    const used = await useInvitation(trx, token, at);
    await join(trx, { ...used, person, at, ip: device.ip });
    const member = { ...person, roles: used.roles };
    return studioSessions.open(trx, { workspaceId, person: member, signedInBy: "invitation", device });
  });
}

/**
 * Accepts as the person who is signed in: their account is in one workspace more, and the session goes on there. A
 * person of several workspaces has a factor, and shows it here: else a link of one workspace would open the other.
 */
export async function acceptSignedIn(
  parts: PeopleParts,
  caller: PersonCaller,
  { token, code }: Pick<Acceptance, "token"> & { readonly code: SentCode },
): Promise<void> {
  const { db, clock } = parts;
  requireKnownPerson(caller);
  const { personId, sessionId } = caller;
  // First what costs no code.
  const { workspace_id: workspaceId, email } = await findOpen(db, token, clock.now());
  await refuseMember(db, workspaceId, personId);
  await requireAddressOf(db, personId, email);
  if (!(await hasFactor(db, personId))) throw factorForSeveral();
  await requireFreshProof(parts, caller, code);
  await db.transaction().execute(async (trx) => {
    const at = clock.now();
    await lockAddress(trx, email);
    const used = await useInvitation(trx, token, at);
    const person = await requireAddressOf(trx, personId, email);
    await takeFromClaimant(trx, { email, exceptFrom: personId, at });
    await trx
      .updateTable("person")
      .set({ email, proved_email: email })
      .where("id", "=", personId)
      .where(sql<boolean>`proved_email is distinct from ${email}`)
      .execute();
    await join(trx, { ...used, person, at, ip: caller.actor.ip });
    await trx
      .updateTable("studio_session")
      .set({ workspace_id: workspaceId })
      .where("id", "=", sessionId)
      .execute();
  });
}

interface OpenInvitation {
  readonly id: string;
  readonly workspace_id: string;
  readonly email: string;
  readonly roles: Role[];
}

async function findOpen(db: Kysely<Tables>, token: string, now: Date): Promise<OpenInvitation> {
  const row = await db
    .selectFrom("invitation")
    .select(["id", "workspace_id", "email", "roles"])
    .where("token_hash", "=", hashToken(token))
    .where(isOpenInvitation(now))
    .executeTakeFirst();
  if (!row) throw new PluginError("INVITATION_NOT_FOUND");
  return row;
}

/** Uses an invitation up. Of two acceptances at once, the second waits here and then finds none. */
async function useInvitation(trx: Kysely<Tables>, token: string, now: Date): Promise<OpenInvitation> {
  const row = await trx
    .updateTable("invitation")
    .set({ accepted_at: now })
    .where("token_hash", "=", hashToken(token))
    .where(isOpenInvitation(now))
    .returning(["id", "workspace_id", "email", "roles"])
    .executeTakeFirst();
  if (!row) throw new PluginError("INVITATION_NOT_FOUND");
  return row;
}

/** The signed-in person, where an address is theirs or they have none yet. */
async function requireAddressOf(db: Kysely<Tables>, personId: string, email: string): Promise<BoundPerson> {
  const holder = await holderOf(db, email);
  if (holder?.id === personId) return holder;
  const person = await db
    .selectFrom("person")
    .select(["id", "name", "email"])
    .where("id", "=", personId)
    .executeTakeFirstOrThrow();
  if (holder || (person.email !== null && person.email !== email))
    throw new PluginError("INVITATION_FOR_ANOTHER");
  return { ...person, email };
}

async function refuseMember(db: Kysely<Tables>, workspaceId: string, personId: string): Promise<void> {
  if (await findMember(db, workspaceId, personId)) throw new PluginError("PERSON_PRESENT");
}

interface Joining extends OpenInvitation {
  readonly person: BoundPerson;
  readonly at: Date;
  readonly ip?: string | null | undefined;
}

async function join(
  trx: Kysely<Tables>,
  { id, workspace_id: workspaceId, email, roles, person, at, ip }: Joining,
): Promise<void> {
  await joinWorkspace(trx, { workspaceId, personId: person.id, roles, at });
  const actor = memberActor({ ...person, roles }, ip ?? undefined);
  await writeAuditEvent(trx, {
    workspaceId,
    at,
    actor,
    action: "invitation.accepted",
    subject: { kind: "invitation", id },
    reason: rolesInWords(roles),
  });
  await withdrawOpen(trx, { workspaceId, actor }, { email, at });
}
