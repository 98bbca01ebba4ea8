import { randomUUID } from "node:crypto";
import { type Kysely, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { invitation } from "../../plugin/api/people.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, rolesInWords } from "../../plugin/roles.ts";
import type { AuthenticatedCaller, Caller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { lockAddress } from "./bind-address.ts";
import { lockMembers, refusePresent } from "./join-workspace.ts";
import { managerNow, requireMayGive, sortRoles } from "./may-manage.ts";
import type { PeopleParts } from "./people-parts.ts";

type InvitationBody = z.infer<typeof invitation>;

const validMs = 72 * 3_600_000;
/** What a page of the studio shows. Older ones are in the audit log. */
const mostListed = 200;
/** So long after its end an invitation is still listed. */
const keptMs = 90 * 86_400_000;

export const isOpenInvitation = (now: Date) =>
  sql<SqlBool>`(accepted_at is null and revoked_at is null and expires_at > ${now})`;

/**
 * Invites an address. Totem sends no mail: the token of the link is in this answer and nowhere else. A new invitation
 * takes the place of an open one to the same address.
 */
export function createInvitation(
  { db, clock }: PeopleParts,
  caller: AuthenticatedCaller,
  { email, roles }: { readonly email: string; readonly roles: readonly Role[] },
): Promise<{ readonly invitation: InvitationBody; readonly token: string }> {
  const { workspaceId, actor } = caller;
  const held = sortRoles(roles);
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    await lockMembers(trx, workspaceId);
    requireMayGive(await managerNow(trx, caller), held);
    await lockAddress(trx, email);
    await refusePresent(trx, workspaceId, email);
    await withdrawOpen(trx, caller, { email, at });
    // As with all rows that end: the next one of its kind takes the old ones away.
    await trx
      .deleteFrom("invitation")
      .where("workspace_id", "=", workspaceId)
      .where("expires_at", "<=", new Date(at.getTime() - keptMs))
      .execute();
    const token = newBearerToken("invitation");
    const row = {
      id: randomUUID(),
      email,
      roles: held,
      invited_by: caller.name,
      created_at: at,
      expires_at: new Date(at.getTime() + validMs),
    };
    await trx
      .insertInto("invitation")
      .values({
        ...row,
        workspace_id: workspaceId,
        token_hash: hashToken(token),
        invited_by_person: caller.kind === "person" ? caller.personId : null,
      })
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "invitation.created",
      subject: { kind: "invitation", id: row.id },
      reason: `${email}: ${rolesInWords(held)}`,
    });
    return { invitation: { ...withIsoTimes(row), state: "open" }, token };
  });
}

export async function listInvitations(
  { db, clock }: PeopleParts,
  { workspaceId }: AuthenticatedCaller,
): Promise<InvitationBody[]> {
  const rows = await db
    .selectFrom("invitation")
    .select(["id", "email", "roles", "invited_by", "created_at", "expires_at"])
    .select(
      sql<InvitationBody["state"]>`case when accepted_at is not null then 'accepted'
        when revoked_at is not null then 'withdrawn'
        when expires_at <= ${clock.now()} then 'expired' else 'open' end`.as("state"),
    )
    .where("workspace_id", "=", workspaceId)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(mostListed)
    .execute();
  return rows.map(withIsoTimes);
}

export function withdrawInvitation(
  { db, clock }: PeopleParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    await lockMembers(trx, caller.workspaceId);
    const manager = await managerNow(trx, caller);
    const [withdrawn] = await withdrawOpen(trx, caller, { id, at });
    if (!withdrawn) throw new PluginError("INVITATION_NOT_FOUND");
    requireMayGive(manager, withdrawn.roles);
  });
}

type Which = { readonly at: Date } & (
  | { readonly id: string }
  | { readonly email: string }
  /** To this person and by this person. */
  | { readonly personId: string }
);

/** Ends open invitations of the caller's workspace, each with its row in the audit log. */
export async function withdrawOpen(
  trx: Kysely<Tables>,
  { workspaceId, actor }: Pick<Caller, "workspaceId" | "actor">,
  { at, ...which }: Which,
): Promise<{ readonly id: string; readonly roles: Role[] }[]> {
  const rows = await trx
    .updateTable("invitation")
    .set({ revoked_at: at })
    .where("workspace_id", "=", workspaceId)
    .where(isOpenInvitation(at))
    .where(matches(which))
    .returning(["id", "roles"])
    .execute();
  for (const { id } of rows)
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "invitation.withdrawn",
      subject: { kind: "invitation", id },
    });
  return rows;
}

function matches(which: { id: string } | { email: string } | { personId: string }) {
  if ("id" in which) return sql<SqlBool>`id = ${which.id}`;
  if ("email" in which) return sql<SqlBool>`email = ${which.email}`;
  return sql<SqlBool>`(invited_by_person = ${which.personId}
    or email in (select unnest(array[email, proved_email]) from person where id = ${which.personId}))`;
}
