import { type Kysely, sql } from "kysely";
import type { MailboxBody } from "../../plugin/api/inbox.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { addressSuffix } from "../../plugin/username.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { agentNamedBy, insertMailbox } from "./find-mailbox.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { mayRead } from "./rights.ts";

const selectMailboxes = (
  { db, mailDomain }: Pick<InboxParts, "db" | "mailDomain">,
  caller: AuthenticatedCaller,
) =>
  db
    .selectFrom("mailbox as m")
    .leftJoin("agent_user as u", "u.id", "m.agent_user_id")
    .where(mayRead(caller))
    .select([
      "m.id",
      sql<string>`coalesce(m.address, u.username || ${addressSuffix(mailDomain)}::text)`.as("address"),
      "u.username as agent",
      sql<string[]>`array(select a.username from mailbox_reader g join agent_user a on a.id = g.agent_user_id
        where g.mailbox_id = m.id order by a.username)`.as("readers"),
      "m.allow",
      "m.block",
      "m.created_at",
    ]);

type MailboxRow = Awaited<ReturnType<ReturnType<typeof selectMailboxes>["execute"]>>[number];

const showMailbox = ({ created_at, ...mailbox }: MailboxRow): MailboxBody => ({
  ...mailbox,
  created_at: created_at.toISOString(),
});

export async function listMailboxes(parts: InboxParts, caller: AuthenticatedCaller): Promise<MailboxBody[]> {
  const rows = await selectMailboxes(parts, caller).orderBy("address").limit(1_000).execute();
  return rows.map(showMailbox);
}

/** Adds a mailbox of the workspace. `changeMailbox` says which agents may wait for its codes. */
export async function addMailbox(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  address: string,
): Promise<MailboxBody> {
  const { db, clock, keyRing, mailDomain } = parts;
  const { workspaceId } = caller;
  const keys = await keyRing.forWorkspace(workspaceId);
  const id = await db.transaction().execute(async (trx) => {
    const now = clock.now();
    const agent = await agentNamedBy({ db: trx, mailDomain }, { workspaceId, address });
    const added = agent
      ? undefined
      : await insertMailbox({ trx, mailDomain }, keys, { workspaceId, address, agentUserId: null, now });
    if (added === undefined) throw new PluginError("INBOX_ADDRESS_TAKEN");
    await audit(trx, caller, { at: now, action: "inbox.mailbox_created", id: added });
    return added;
  });
  return findMailbox(parts, caller, id);
}

async function findMailbox(parts: InboxParts, caller: AuthenticatedCaller, id: string): Promise<MailboxBody> {
  const found = await selectMailboxes(parts, caller).where("m.id", "=", id).executeTakeFirst();
  if (!found) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  return showMailbox(found);
}

export interface MailboxChange {
  readonly id: string;
  readonly readers?: readonly string[] | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly block?: readonly string[] | undefined;
}

export async function changeMailbox(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  { id, readers, allow, block }: MailboxChange,
): Promise<MailboxBody> {
  const mailbox = await findMailbox(parts, caller, id);
  if (readers !== undefined && mailbox.agent !== null)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "readers", problem: "An agent's own mailbox has no other readers." }],
    });
  await parts.db.transaction().execute(async (trx) => {
    const now = parts.clock.now();
    if (allow || block)
      await trx
        .updateTable("mailbox")
        .set({ ...(allow ? { allow: [...allow] } : {}), ...(block ? { block: [...block] } : {}) })
        .where("id", "=", id)
        .execute();
    if (readers) await setReaders(trx, caller, { id, readers, now });
    await audit(trx, caller, { at: now, action: "inbox.mailbox_changed", id });
  });
  return findMailbox(parts, caller, id);
}

async function setReaders(
  trx: Kysely<Tables>,
  caller: AuthenticatedCaller,
  { id, readers, now }: { id: string; readers: readonly string[]; now: Date },
): Promise<void> {
  const names = [...new Set(readers)];
  const agents =
    names.length === 0
      ? []
      : await trx
          .selectFrom("agent_user")
          .select("id")
          .where("workspace_id", "=", caller.workspaceId)
          .where("username", "in", names)
          .execute();
  if (agents.length !== names.length)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "readers", problem: "Name agent users of this workspace." }],
    });
  await trx.deleteFrom("mailbox_reader").where("mailbox_id", "=", id).execute();
  if (agents.length > 0)
    await trx
      .insertInto("mailbox_reader")
      .values(
        agents.map((agent) => ({
          mailbox_id: id,
          agent_user_id: agent.id,
          created_by: `${caller.actor.kind}:${caller.actor.id}`,
          created_at: now,
        })),
      )
      .execute();
}

/** Deletes a mailbox of the workspace and all in it. An agent's own goes with the agent. */
export async function deleteMailbox(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<void> {
  const mailbox = await findMailbox(parts, caller, id);
  if (mailbox.agent !== null)
    throw new PluginError("FORBIDDEN", { message: "An agent's own mailbox goes with the agent." });
  await parts.db.transaction().execute(async (trx) => {
    await trx.deleteFrom("mailbox").where("id", "=", id).execute();
    await audit(trx, caller, { at: parts.clock.now(), action: "inbox.mailbox_deleted", id });
  });
}

const audit = (
  trx: Kysely<Tables>,
  caller: AuthenticatedCaller,
  { id, ...event }: { readonly at: Date; readonly action: string; readonly id: string },
) => writeAuditEvent(trx, { ...auditFactsOf(caller), ...event, subject: { kind: "mailbox", id } });
