import { type Kysely, sql } from "kysely";
import { rolesInWords } from "../../plugin/roles.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { type Ending, endCreated, endOverlaps, endSentLinks, endSignIns } from "./end-rights.ts";
import { withdrawOpen } from "./invitations.ts";
import { lockMembers } from "./join-workspace.ts";
import { managerNow, requireMayGive } from "./may-manage.ts";
import { getPerson, requireOtherOwner } from "./members.ts";
import type { PeopleParts } from "./people-parts.ts";

/**
 * Ends what a person can do in this workspace, at once: sessions, links, keys and addresses that they created, grants
 * to them, invitations of them and by them. The person stays, with their factors, for other workspaces and for the
 * audit log; so do its rows.
 */
export function removePerson(
  { db, clock }: PeopleParts,
  caller: AuthenticatedCaller,
  personId: string,
): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    await lockMembers(trx, workspaceId);
    const manager = await managerNow(trx, caller);
    const person = await getPerson(trx, caller, personId);
    requireMayGive(manager, person.roles);
    if (person.roles.includes("owner")) await requireOtherOwner(trx, workspaceId, personId);
    await trx
      .updateTable("workspace_member")
      .set({ removed_at: at })
      .where("workspace_id", "=", workspaceId)
      .where("person_id", "=", personId)
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "person.removed",
      subject: { kind: "person", id: personId },
      reason: rolesInWords(person.roles),
    });
    await endSignIns(trx, workspaceId, personId);
    await endCreated(trx, caller, { personId, at });
    await endOverlaps(trx, workspaceId, at);
    await endSentLinks(trx, caller, { personId, at });
    await endGrants(trx, caller, { personId, at });
    await withdrawOpen(trx, caller, { personId, at });
  });
}

async function endGrants(
  trx: Kysely<Tables>,
  { workspaceId, actor }: AuthenticatedCaller,
  { personId, at }: Ending,
): Promise<void> {
  const { rows } = await sql<{ entry_id: string }>`
    delete from vault_grant
    where workspace_id = ${workspaceId} and grantee_kind = 'person' and grantee_id = ${personId}
    returning entry_id`.execute(trx);
  for (const { entry_id } of rows)
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "vault.grant_removed",
      subject: { kind: "vault_entry", id: entry_id },
      reason: "person removed",
    });
  const mailboxes = await sql<{ mailbox_id: string }>`
    delete from mailbox_reader using mailbox m
    where m.id = mailbox_id and m.workspace_id = ${workspaceId} and person_id = ${personId}
    returning mailbox_id`.execute(trx);
  for (const { mailbox_id } of mailboxes.rows)
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "inbox.mailbox_changed",
      subject: { kind: "mailbox", id: mailbox_id },
      reason: "person removed",
    });
  // A person who is gone is not one of the two who agree.
  await sql`
    delete from approval_answer a using approval q
    where q.id = a.approval_id and q.workspace_id = ${workspaceId} and q.state = 'pending'
      and a.person_id = ${personId}`.execute(trx);
}
