import { writeAuditEvent } from "../audit/audit-log.ts";
import type { InboxCaller } from "./inbox-caller.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { listMessages, type MessageFilter, openBody, type ShownMessage } from "./messages.ts";
import type { MessageBody } from "./read-delivery.ts";

/** A page of the largest messages there may be is never in memory at once. */
const batch = 10;
/** Of one message in a page. Whoever wants all of a longer one opens it by itself. */
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
export const openMessages =
  (parts: InboxParts) =>
  async (
    caller: InboxCaller,
    filter: MessageFilter,
  ): Promise<(ShownMessage & { body: MessageText | null })[]> => {
    const { db, clock, keyRing } = parts;
    const list = await listMessages(parts)(caller, filter);
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
    await writeAuditEvent(db, {
      workspaceId: caller.workspaceId,
      at: clock.now(),
      actor: caller.actor,
      action: "inbox.list_read",
    });
    return list.map((message) => ({ ...message, body: bodies.get(message.id) ?? null }));
  };
