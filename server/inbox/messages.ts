import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { MessageChannel, MessageKind, Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import type { SealedText } from "../secrets/seal.ts";
import type { MessageAuthentication } from "./delivery.ts";
import { lockMailbox } from "./find-mailbox.ts";
import { type InboxCaller, mayRead } from "./inbox-caller.ts";
import { bodyPlace, headPlace, type InboxParts } from "./inbox-parts.ts";
import { headOf, type MessageBody, type MessageHead, readDelivery } from "./read-delivery.ts";
import type { Reading } from "./reading/reading.ts";
import { settleMailbox } from "./settle-mailbox.ts";
import { openHead } from "./settled-message.ts";

/** A message as lists show it; `head` holds codes and is for those who may have them. */
export interface ShownMessage {
  readonly id: string;
  readonly threadId: string;
  readonly mailboxId: string;
  readonly address: string;
  readonly agent: string | null;
  readonly channel: MessageChannel;
  readonly sender: string;
  readonly senderHost: string;
  readonly kind: MessageKind;
  readonly confidence: number;
  readonly authentication: MessageAuthentication | null;
  readonly runId: string | null;
  readonly taskId: string | null;
  readonly workflowId: string | null;
  readonly source: string | null;
  readonly labels: readonly string[];
  readonly receivedAt: Date;
  readonly expiresAt: Date;
  readonly modifiedAt: Date;
  readonly purgedAt: Date | null;
  readonly taken: {
    readonly kind: string;
    readonly name: string;
    readonly runId: string | null;
    readonly workflowSlug: string | null;
    readonly at: Date;
  } | null;
  /** Null once the body was deleted. */
  readonly head: MessageHead | null;
}

/** A place in a list that is newest first. */
export interface ListPlace {
  readonly at: Date;
  readonly id: string;
}

export interface MessageFilter {
  readonly limit?: number;
  /** The id of a message: those that came before it. */
  readonly before?: string | undefined;
  /** The same, by where it stood: also where it is gone by now. */
  readonly after?: ListPlace | undefined;
  readonly address?: string | undefined;
  /** The username of the agent whose mailbox it is. */
  readonly agent?: string | undefined;
  /** An address or a host, or a part of what the sender calls themselves. */
  readonly from?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly threadId?: string | undefined;
  readonly runId?: string | undefined;
  readonly kinds?: readonly MessageKind[] | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** Bodies are large, and read only where they are opened. */
const shownColumns = [
  "i.id",
  "i.workspace_id",
  "i.mailbox_id",
  "i.thread_id",
  "i.address",
  "i.channel",
  "i.sender",
  "i.sender_host",
  "i.sealed_head",
  "i.kind",
  "i.confidence",
  "i.authentication",
  "i.run_id",
  "i.task_id",
  "i.workflow_id",
  "i.source",
  "i.labels",
  "i.received_at",
  "i.expires_at",
  "i.modified_at",
  "i.purged_at",
  "i.taken_at",
  "i.taken_by_kind",
  "i.taken_by_name",
  "i.taken_run_id",
] as const;

export const rowsOf = (db: Kysely<Tables>) =>
  db
    .selectFrom("inbox_message as i")
    .innerJoin("mailbox as m", "m.id", "i.mailbox_id")
    .leftJoin("agent_user as u", "u.id", "m.agent_user_id")
    .leftJoin("workflow_run as r", "r.id", "i.taken_run_id")
    .leftJoin("workflow as f", "f.id", "r.workflow_id")
    .select(shownColumns)
    .select(["u.username", "f.slug as taken_workflow_slug"]);

const messages = (db: Kysely<Tables>, caller: InboxCaller) => rowsOf(db).where(mayRead(caller));

type ListedRow = Awaited<ReturnType<ReturnType<typeof messages>["execute"]>>[number];
type MessageRow = ListedRow & { readonly sealed_body: SealedText | null };

/** Newest first. Audited where somebody else's are among them is left to opening: lists hold no text. */
export const listMessages =
  ({ db, keyRing }: InboxParts) =>
  async (caller: InboxCaller, filter: MessageFilter = {}): Promise<ShownMessage[]> => {
    const { before, after, address, agent, from, labels, threadId, runId, kinds, ids } = filter;
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const like = `%${(from ?? "").replaceAll(/[\\%_]/g, "\\$&")}%`;
    const rows = await messages(db, caller)
      .$if(before !== undefined, (query) =>
        query.where(
          sql<boolean>`(i.received_at, i.id) < (select received_at, id from inbox_message
            where id = ${before}::uuid and workspace_id = ${caller.workspaceId})`,
        ),
      )
      .$if(after !== undefined, (query) =>
        query.where(sql<boolean>`(i.received_at, i.id) < (${after?.at}, ${after?.id}::uuid)`),
      )
      .$if(address !== undefined, (query) =>
        query.where("i.address", "=", address?.trim().toLowerCase() ?? ""),
      )
      .$if(agent !== undefined, (query) => query.where("u.username", "=", agent ?? ""))
      .$if(from !== undefined, (query) => query.where("i.sender", "ilike", like))
      .$if(labels !== undefined && labels.length > 0, (query) =>
        query.where(sql<boolean>`i.labels @> ${[...(labels ?? [])]}::text[]`),
      )
      .$if(threadId !== undefined, (query) => query.where("i.thread_id", "=", threadId ?? ""))
      .$if(runId !== undefined, (query) => query.where("i.run_id", "=", runId ?? ""))
      .$if(kinds !== undefined, (query) => query.where("i.kind", "in", [...(kinds ?? [])]))
      .$if(ids !== undefined, (query) => query.where("i.id", "in", [...(ids ?? [])]))
      .orderBy("i.received_at", "desc")
      .orderBy("i.id", "desc")
      .limit(filter.limit ?? 50)
      .execute();
    return rows.map((row) => show(keys, row));
  };

function show(keys: WorkspaceKeys, row: ListedRow): ShownMessage {
  return {
    id: row.id,
    threadId: row.thread_id,
    mailboxId: row.mailbox_id,
    address: row.address,
    agent: row.username,
    channel: row.channel,
    sender: row.sender,
    senderHost: row.sender_host,
    kind: row.kind,
    confidence: row.confidence,
    authentication: row.authentication as MessageAuthentication | null,
    runId: row.run_id,
    taskId: row.task_id,
    workflowId: row.workflow_id,
    source: row.source,
    labels: row.labels,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
    modifiedAt: row.modified_at,
    purgedAt: row.purged_at,
    taken:
      row.taken_at === null
        ? null
        : {
            kind: row.taken_by_kind ?? "",
            name: row.taken_by_name ?? "",
            runId: row.taken_run_id,
            workflowSlug: row.taken_workflow_slug,
            at: row.taken_at,
          },
    head: row.sealed_head === null ? null : openHead(keys, row),
  };
}

export interface OpenedMessage extends ShownMessage {
  /** Null once it was deleted. */
  readonly body: MessageBody | null;
  readonly reading: Reading | null;
}

async function findRow(db: Kysely<Tables>, caller: InboxCaller, id: string): Promise<MessageRow> {
  const row = await messages(db, caller).select("i.sealed_body").where("i.id", "=", id).executeTakeFirst();
  if (!row) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
  return row;
}

export const openBody = (
  keys: WorkspaceKeys,
  row: Pick<MessageRow, "id" | "sealed_body">,
): MessageBody | null => {
  if (row.sealed_body === null) return null;
  const bytes = keys.open(bodyPlace(row.id), row.sealed_body);
  const body = JSON.parse(bytes.toString("utf8")) as MessageBody;
  bytes.fill(0);
  return body;
};

export const readAgain = (row: MessageRow, head: MessageHead, body: MessageBody): Reading =>
  readDelivery({
    workspaceId: row.workspace_id,
    address: row.address,
    channel: row.channel,
    from: body.from,
    ...(head.subject === "" ? {} : { subject: head.subject }),
    text: body.text,
    ...(body.html === "" ? {} : { html: body.html }),
    ...(body.want === undefined ? {} : { type: body.want }),
  });

/** What became of a message, for whoever brought it: they know what it says. */
export const findDelivered =
  ({ db, keyRing }: InboxParts) =>
  async (workspaceId: string, id: string): Promise<ShownMessage> => {
    const row = await rowsOf(db)
      .where("i.workspace_id", "=", workspaceId)
      .where("i.id", "=", id)
      .executeTakeFirst();
    if (!row) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
    return show(await keyRing.forWorkspace(workspaceId), row);
  };

/** A message with what it says, for those who may read bodies. Audited. */
export const openMessage =
  ({ db, clock, keyRing }: InboxParts) =>
  async (caller: InboxCaller, id: string): Promise<OpenedMessage> => {
    const row = await findRow(db, caller, id);
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const shown = show(keys, row);
    const body = openBody(keys, row);
    await writeAuditEvent(db, traceOf(caller, clock.now(), "inbox.message_read", id));
    return { ...shown, body, reading: body && shown.head ? readAgain(row, shown.head, body) : null };
  };

/** Reads a message once more with what this version knows; what was not handed out yet may be now. */
export const rereadMessage =
  (parts: InboxParts) =>
  async (caller: InboxCaller, id: string): Promise<OpenedMessage> => {
    const { db, clock, keyRing } = parts;
    const row = await findRow(db, caller, id);
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const body = openBody(keys, row);
    if (body) {
      const head = openHead(keys, row);
      const reading = readAgain(row, head, body);
      const again = headOf(
        {
          workspaceId: row.workspace_id,
          address: row.address,
          channel: row.channel,
          from: body.from,
          subject: head.subject,
        },
        reading,
      );
      const settled = await db.transaction().execute(async (trx) => {
        await lockMailbox(trx, row.mailbox_id);
        await trx
          .updateTable("inbox_message")
          .set({
            kind: reading.kind,
            confidence: reading.confidence,
            sealed_head: keys.seal(headPlace(id), JSON.stringify(again)),
            modified_at: clock.now(),
          })
          .where("id", "=", id)
          .where("purged_at", "is", null)
          .execute();
        return settleMailbox(parts, trx, keys, row.mailbox_id, clock.now());
      });
      parts.signals.settled(settled.waitIds);
      parts.runs.wake(settled.runIds);
    }
    return openMessage(parts)(caller, id);
  };

export const deleteMessage =
  ({ db, clock }: InboxParts) =>
  async (caller: InboxCaller, id: string): Promise<void> => {
    await findRow(db, caller, id);
    await db.transaction().execute(async (trx) => {
      await trx.deleteFrom("inbox_message").where("id", "=", id).execute();
      await writeAuditEvent(trx, traceOf(caller, clock.now(), "inbox.message_deleted", id));
    });
  };

/** More than anybody sorts by, and too few to fill a database with. */
const mostLabels = 100;

export const labelMessage =
  (parts: InboxParts) =>
  async (
    caller: InboxCaller,
    id: string,
    { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
  ): Promise<ShownMessage> => {
    const { db, clock, keyRing } = parts;
    await findRow(db, caller, id);
    await db.transaction().execute(async (trx) => {
      const { labels } = await trx
        .selectFrom("inbox_message")
        .select("labels")
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirstOrThrow(() => new PluginError("INBOX_MESSAGE_NOT_FOUND"));
      const kept = [...new Set([...labels, ...add])].filter((label) => !remove.includes(label));
      if (kept.length > mostLabels)
        throw new PluginError("INPUT_INVALID", {
          fields: [{ field: "addLabels", problem: `At most ${mostLabels} labels.` }],
        });
      await trx
        .updateTable("inbox_message")
        .set({ labels: kept, modified_at: clock.now() })
        .where("id", "=", id)
        .execute();
      await writeAuditEvent(trx, traceOf(caller, clock.now(), "inbox.message_labelled", id));
    });
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    return show(keys, await findRow(db, caller, id));
  };

const traceOf = (caller: InboxCaller, at: Date, action: string, id: string) => ({
  workspaceId: caller.workspaceId,
  at,
  actor: caller.actor,
  action,
  subject: { kind: "inbox_message", id },
});
