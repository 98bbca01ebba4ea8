import { type Kysely, sql } from "kysely";
import type { MailboxBody } from "../../plugin/api/inbox.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, roles } from "../../plugin/roles.ts";
import { addressSuffix } from "../../plugin/username.ts";
import { type AuthenticatedCaller, auditFactsOf, type Caller } from "../access/caller.ts";
import { listMembers, memberMay } from "../access/members.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { agentNamedBy, insertMailbox } from "./find-mailbox.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { mayList } from "./rights.ts";

const selectMailboxes = (
  { db, mailDomain }: Pick<InboxParts, "db" | "mailDomain">,
  caller: AuthenticatedCaller,
) =>
  db
    .selectFrom("mailbox as m")
    .leftJoin("agent_user as u", "u.id", "m.agent_user_id")
    .where(mayList(caller))
    .select([
      "m.id",
      sql<string>`coalesce(m.address, u.username || ${addressSuffix(mailDomain)}::text)`.as("address"),
      "u.username as agent",
      sql<string[]>`array(select a.username from mailbox_reader g join agent_user a on a.id = g.agent_user_id
        where g.mailbox_id = m.id order by a.username)`.as("readers"),
      sql<MailboxBody["people"]>`coalesce((select jsonb_agg(jsonb_build_object('id', p.id,
          'name', coalesce(nullif(p.name, ''), p.email, 'a person'), 'roles', t.roles) order by p.name, p.id)
        from mailbox_reader g join person p on p.id = g.person_id
        join workspace_member t on t.person_id = p.id and t.workspace_id = m.workspace_id and t.removed_at is null
        where g.mailbox_id = m.id), '[]')`.as("people"),
      sql<MailboxBody["roles"]>`array(select g.role from mailbox_reader g
        where g.mailbox_id = m.id and g.role is not null order by g.role)`.as("roles"),
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

/** The people who may read every mailbox, and by which role. */
export async function listInboxReaders({ db }: Pick<InboxParts, "db">, { workspaceId }: Caller) {
  return (await listMembers(db, workspaceId)).flatMap((member) => {
    const by = member.roles.find((role) => memberMay({ ...member, roles: [role] }, "mail:read"));
    const { id, name, roles: held } = member;
    return by ? [{ id, name, roles: [...held], because: `${roles[by].title}s read every mailbox.` }] : [];
  });
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
  /** Agent users, by their usernames. */
  readonly readers?: readonly string[] | undefined;
  /** Ids. */
  readonly people?: readonly string[] | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly block?: readonly string[] | undefined;
}

export async function changeMailbox(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  { id, readers, people, roles: named, allow, block }: MailboxChange,
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
    const by = { created_by: `${caller.actor.kind}:${caller.actor.id}`, created_at: now };
    if (readers) await setReaders(trx, caller, { id, readers, by });
    if (people) await setPeople(trx, caller, { id, people: [...new Set(people)], by });
    if (named) await setRoles(trx, { id, roles: [...new Set(named)], by });
    await audit(trx, caller, { at: now, action: "inbox.mailbox_changed", id });
  });
  return findMailbox(parts, caller, id);
}

interface ReaderNote {
  readonly created_by: string;
  readonly created_at: Date;
}

async function setReaders(
  trx: Kysely<Tables>,
  caller: AuthenticatedCaller,
  { id, readers, by }: { readonly id: string; readonly readers: readonly string[]; readonly by: ReaderNote },
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
  await trx
    .deleteFrom("mailbox_reader")
    .where("mailbox_id", "=", id)
    .where("agent_user_id", "is not", null)
    .execute();
  if (agents.length > 0)
    await trx
      .insertInto("mailbox_reader")
      .values(agents.map((agent) => ({ mailbox_id: id, agent_user_id: agent.id, ...by })))
      .execute();
}

async function setPeople(
  trx: Kysely<Tables>,
  { workspaceId }: AuthenticatedCaller,
  { id, people, by }: { readonly id: string; readonly people: readonly string[]; readonly by: ReaderNote },
): Promise<void> {
  const members = new Set((await listMembers(trx, workspaceId)).map((member) => member.id));
  if (!people.every((person) => members.has(person)))
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "people", problem: "Name people of this workspace by their ids." }],
    });
  await trx
    .deleteFrom("mailbox_reader")
    .where("mailbox_id", "=", id)
    .where("person_id", "is not", null)
    .execute();
  if (people.length > 0)
    await trx
      .insertInto("mailbox_reader")
      .values(people.map((person_id) => ({ mailbox_id: id, person_id, ...by })))
      .execute();
}

async function setRoles(
  trx: Kysely<Tables>,
  { id, roles: named, by }: { readonly id: string; readonly roles: readonly Role[]; readonly by: ReaderNote },
): Promise<void> {
  await trx.deleteFrom("mailbox_reader").where("mailbox_id", "=", id).where("role", "is not", null).execute();
  if (named.length > 0)
    await trx
      .insertInto("mailbox_reader")
      .values(named.map((role) => ({ mailbox_id: id, role, ...by })))
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
