import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { addressSuffix } from "../../plugin/username.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { agentNamedBy, makeMailbox } from "./find-mailbox.ts";
import { type InboxCaller, mayRead } from "./inbox-caller.ts";
import type { InboxParts } from "./inbox-parts.ts";

export interface ShownMailbox {
  readonly id: string;
  readonly address: string;
  readonly agent: string | null;
  readonly readers: readonly string[];
  readonly allow: readonly string[];
  readonly block: readonly string[];
  readonly createdAt: Date;
}

const shown = (db: Kysely<Tables>, caller: InboxCaller, mailDomain: string | undefined) => {
  const suffix = addressSuffix(mailDomain);
  return db
    .selectFrom("mailbox as m")
    .leftJoin("agent_user as u", "u.id", "m.agent_user_id")
    .where(mayRead(caller))
    .select([
      "m.id",
      sql<string>`coalesce(m.address, u.username || ${suffix}::text)`.as("address"),
      "u.username as agent",
      sql<string[]>`array(select a.username from mailbox_reader g join agent_user a on a.id = g.agent_user_id
        where g.mailbox_id = m.id order by a.username)`.as("readers"),
      "m.allow",
      "m.block",
      "m.created_at as createdAt",
    ]);
};

export const listMailboxes =
  ({ db, mailDomain }: InboxParts) =>
  async (caller: InboxCaller): Promise<ShownMailbox[]> =>
    shown(db, caller, mailDomain).orderBy("address").limit(1_000).execute();

/** Adds a mailbox of the workspace. Who may wait for its codes is said apart. */
export const addMailbox =
  (parts: InboxParts) =>
  async (caller: InboxCaller, address: string): Promise<ShownMailbox> => {
    const { db, clock, mailDomain } = parts;
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const id = await db.transaction().execute(async (trx) => {
      const now = clock.now();
      const place = { workspaceId: caller.workspaceId, address };
      const taken = await agentNamedBy({ db: trx, mailDomain }, place);
      const made = taken ? undefined : await makeMailbox(trx, keys, { ...place, agentUserId: null, now });
      if (made === undefined) throw new PluginError("INBOX_ADDRESS_TAKEN");
      await audit(trx, caller, now, "inbox.mailbox_created", made);
      return made;
    });
    return findMailbox(parts, caller, id);
  };

async function findMailbox(
  { db, mailDomain }: InboxParts,
  caller: InboxCaller,
  id: string,
): Promise<ShownMailbox> {
  const found = await shown(db, caller, mailDomain).where("m.id", "=", id).executeTakeFirst();
  if (!found) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  return found;
}

export interface MailboxChange {
  readonly readers?: readonly string[] | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly block?: readonly string[] | undefined;
}

export const changeMailbox =
  (parts: InboxParts) =>
  async (
    caller: InboxCaller,
    id: string,
    { readers, allow, block }: MailboxChange,
  ): Promise<ShownMailbox> => {
    const { db, clock } = parts;
    const mailbox = await findMailbox(parts, caller, id);
    if (readers !== undefined && mailbox.agent !== null)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "readers", problem: "An agent's own mailbox has no other readers." }],
      });
    await db.transaction().execute(async (trx) => {
      const now = clock.now();
      if (allow || block)
        await trx
          .updateTable("mailbox")
          .set({ ...(allow ? { allow: [...allow] } : {}), ...(block ? { block: [...block] } : {}) })
          .where("id", "=", id)
          .execute();
      if (readers) await setReaders(trx, caller, { id, readers, now });
      await audit(trx, caller, now, "inbox.mailbox_changed", id);
    });
    return findMailbox(parts, caller, id);
  };

async function setReaders(
  trx: Kysely<Tables>,
  caller: InboxCaller,
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

/** A mailbox of the workspace and all in it. An agent's own goes with the agent. */
export const deleteMailbox =
  (parts: InboxParts) =>
  async (caller: InboxCaller, id: string): Promise<void> => {
    const mailbox = await findMailbox(parts, caller, id);
    if (mailbox.agent !== null)
      throw new PluginError("FORBIDDEN", { message: "An agent's own mailbox goes with the agent." });
    await parts.db.transaction().execute(async (trx) => {
      await trx.deleteFrom("mailbox").where("id", "=", id).execute();
      await audit(trx, caller, parts.clock.now(), "inbox.mailbox_deleted", id);
    });
  };

const audit = (trx: Kysely<Tables>, caller: InboxCaller, at: Date, action: string, id: string) =>
  writeAuditEvent(trx, {
    workspaceId: caller.workspaceId,
    at,
    actor: caller.actor,
    action,
    subject: { kind: "mailbox", id },
  });
