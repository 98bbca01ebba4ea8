import { type Kysely, sql } from "kysely";
import { rolesInWords } from "../../plugin/roles.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
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
    await endGrants(trx, caller, { personId, at });
    await withdrawOpen(trx, caller, { personId, at });
  });
}

async function endSignIns(trx: Kysely<Tables>, workspaceId: string, personId: string): Promise<void> {
  for (const table of ["studio_session", "sign_in_link"] as const)
    await trx
      .deleteFrom(table)
      .where("workspace_id", "=", workspaceId)
      .where("person_id", "=", personId)
      .execute();
}

interface Removal {
  readonly personId: string;
  readonly at: Date;
}

/** Keys and addresses: a person who left may still have them. */
async function endCreated(
  trx: Kysely<Tables>,
  { workspaceId, actor }: AuthenticatedCaller,
  { personId, at }: Removal,
): Promise<void> {
  const facts = { workspaceId, at, actor, reason: "person removed" };
  // Again until there is none: a key that is ended here may have made another while this statement waited for it.
  for (;;) {
    const keys = await trx
      .updateTable("service_key")
      .set({ revoked_at: at })
      .where("workspace_id", "=", workspaceId)
      .where("created_by_person", "=", personId)
      .where("revoked_at", "is", null)
      .returning("name")
      .execute();
    if (keys.length === 0) break;
    for (const { name } of keys) {
      const subject = { kind: "service_key", id: name };
      await writeAuditEvent(trx, { ...facts, action: "service_key.revoked", subject });
    }
  }
  const tokens = await trx
    .updateTable("mcp_token")
    .set({ revoked_at: at })
    .where("workspace_id", "=", workspaceId)
    .where("created_by_person", "=", personId)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  for (const { id } of tokens)
    await writeAuditEvent(trx, { ...facts, action: "mcp_token.revoked", subject: { kind: "mcp_token", id } });
}

async function endGrants(
  trx: Kysely<Tables>,
  { workspaceId, actor }: AuthenticatedCaller,
  { personId, at }: Removal,
): Promise<void> {
  const { rows } = await sql<{ entry_id: string }>`
    delete from vault_grant
    where workspace_id = ${workspaceId} and grantee_kind = 'person' and grantee_id = ${personId}
    returning entry_id`.execute(trx);
  await trx
    .deleteFrom("mailbox_reader")
    .where("person_id", "=", personId)
    .where("mailbox_id", "in", (mailbox) =>
      mailbox.selectFrom("mailbox").select("id").where("workspace_id", "=", workspaceId),
    )
    .execute();
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
  // Who is gone is not one of the two who agree.
  await sql`
    delete from approval_answer a using approval q
    where q.id = a.approval_id and q.workspace_id = ${workspaceId} and q.state = 'pending'
      and a.person_id = ${personId}`.execute(trx);
}
