import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { InboxParts } from "./inbox-parts.ts";
import {
  type ListedMessage,
  listMessages,
  type MessageFilter,
  selectMessages,
  withHead,
} from "./list-messages.ts";
import { type MessageBody, openBody, readAgain } from "./read-delivery.ts";
import type { Reading } from "./reading/reading.ts";
import { mayRead } from "./rights.ts";

export interface OpenedMessage extends ListedMessage {
  /** Null once it was deleted. */
  readonly body: MessageBody | null;
  readonly reading: Reading | null;
}

export async function findMessageRow(
  { db }: Pick<InboxParts, "db">,
  caller: AuthenticatedCaller,
  id: string,
) {
  const row = await selectMessages(db)
    .select("i.sealed_body")
    .where(mayRead(caller))
    .where("i.id", "=", id)
    .executeTakeFirst();
  if (!row) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
  return row;
}

/** A message with what it says, for callers that may read bodies. Audited. */
export async function openMessage(
  parts: Pick<InboxParts, "db" | "keyRing" | "clock">,
  caller: AuthenticatedCaller,
  id: string,
): Promise<OpenedMessage> {
  const { sealed_body, ...row } = await findMessageRow(parts, caller, id);
  const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
  const message = withHead(keys, row);
  const body = openBody(keys, { id, sealed_body });
  await writeAuditEvent(parts.db, {
    ...auditFactsOf(caller),
    at: parts.clock.now(),
    action: "inbox.message_read",
    subject: { kind: "inbox_message", id },
  });
  const reading = body && message.head ? readAgain(row, message.head.subject, body) : null;
  return { ...message, body, reading };
}

/** Fewer than a page, so that a page of the largest messages is never in memory at once. */
const batch = 10;
/** The most of one message in a page. A longer one is whole only where it is opened by itself. */
const mostText = 40_000;

/** A message's text for people: null once it was deleted. */
export interface MessageText extends Pick<MessageBody, "to" | "cc" | "extracted"> {
  readonly text: string;
}

/** What a message says, as text also where it came as HTML alone. */
export const textOf = ({ to, cc, text, seen, extracted }: MessageBody, most?: number): MessageText => ({
  to,
  cc,
  extracted,
  text: (seen || text).slice(0, most),
});

/** Several messages opened at once, with one trace: a page of a mail client. */
export async function openMessages(
  parts: Pick<InboxParts, "db" | "keyRing" | "clock">,
  caller: AuthenticatedCaller,
  filter: MessageFilter,
): Promise<(ListedMessage & { readonly body: MessageText | null })[]> {
  const { db, clock, keyRing } = parts;
  const list = await listMessages(parts, caller, { ...filter, onlyReadable: true });
  if (list.length === 0) return [];
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const bodies = new Map<string, MessageText>();
  for (let from = 0; from < list.length; from += batch) {
    const ids = list.slice(from, from + batch).map(({ id }) => id);
    const rows = await db
      .selectFrom("inbox_message")
      .select(["id", "sealed_body"])
      .where("workspace_id", "=", caller.workspaceId)
      .where("id", "in", ids)
      .execute();
    for (const row of rows) {
      const body = openBody(keys, row);
      if (body) bodies.set(row.id, textOf(body, mostText));
    }
  }
  await writeAuditEvent(db, { ...auditFactsOf(caller), at: clock.now(), action: "inbox.list_read" });
  return list.map((message) => ({ ...message, body: bodies.get(message.id) ?? null }));
}
