import type { MailMessage, MailThread, OpenedThread } from "../../plugin/api/v0-mail.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { isUuid } from "../../plugin/uuid.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { ListedMessage, ListedThread, ListPosition, MessageFilter } from "../inbox/list-messages.ts";
import { type MessageText, textOf } from "../inbox/open-message.ts";
import { hideCodes, hideInSubject } from "../redaction/hide-codes.ts";

interface Page {
  readonly limit: number;
  readonly pageToken?: string | undefined;
}
interface MessagePage extends Page {
  readonly labels?: readonly string[] | undefined;
  readonly from?: string | undefined;
}

/** A message without what it says. */
export type MailSummary = Omit<MailMessage, "cc" | "text" | "extractedText">;

/*
 * The inbox in the words of the public `/v0` clients. A caller finds what it may read, and nothing else.
 */

/** Without bodies, and with codes hidden. */
export async function listMail(inbox: Inbox, caller: AuthenticatedCaller, page: MessagePage) {
  const found = await inbox.listMessages(caller, filterOf(page));
  const { shown, next } = cut(found, page.limit, ({ id, received_at }) => ({ id, at: received_at }));
  return { messages: shown.map(toSummary), count: shown.length, ...next };
}

/** With bodies; audited. */
export async function listOpenedMail(inbox: Inbox, caller: AuthenticatedCaller, page: MessagePage) {
  const found = await inbox.openMessages(caller, filterOf(page));
  const { shown, next } = cut(found, page.limit, ({ id, received_at }) => ({ id, at: received_at }));
  const messages = shown.map((message) => toMessage(message, message.body));
  return { messages, count: messages.length, ...next };
}

export async function openMail(inbox: Inbox, caller: AuthenticatedCaller, id: string): Promise<MailMessage> {
  const message = await inbox.openMessage(caller, uuidOf(id));
  return toMessage(message, message.body && textOf(message.body));
}

interface LabelChange {
  readonly id: string;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
}

/** Callers that may not read may change labels: the answer has no body. */
export async function labelMail(
  inbox: Inbox,
  caller: AuthenticatedCaller,
  { id, addLabels, removeLabels }: LabelChange,
): Promise<MailSummary> {
  const change = { id: uuidOf(id), add: addLabels, remove: removeLabels };
  return toSummary(await inbox.labelMessage(caller, change));
}

export const deleteMail = async (inbox: Inbox, caller: AuthenticatedCaller, id: string): Promise<void> =>
  inbox.deleteMessage(caller, uuidOf(id));

export async function listMailThreads(inbox: Inbox, caller: AuthenticatedCaller, { limit, pageToken }: Page) {
  const found = await inbox.listThreads(caller, { limit: limit + 1, after: positionOf(pageToken) });
  const { shown, next } = cut(found, limit, ({ thread_id, updated_at }) => ({
    id: thread_id,
    at: updated_at,
  }));
  return { threads: shown.map(toThread), count: shown.length, ...next };
}

/** The messages of a thread, oldest first. */
export async function openMailThread(
  inbox: Inbox,
  caller: AuthenticatedCaller,
  { id, limit }: { readonly id: string; readonly limit: number },
): Promise<OpenedThread> {
  const threadId = uuidOf(id);
  const [thread] = await inbox.listThreads(caller, { limit: 1, threadId });
  if (!thread) throw new PluginError("INBOX_MESSAGE_NOT_FOUND", { message: "There is no such thread." });
  const messages = await inbox.openMessages(caller, { threadId, limit });
  return {
    ...toThread(thread),
    totalMessages: thread.message_count,
    messages: messages.map((message) => toMessage(message, message.body)).reverse(),
  };
}

const filterOf = ({ limit, pageToken, labels, from }: MessagePage): MessageFilter => ({
  limit: limit + 1,
  after: positionOf(pageToken),
  labels,
  from: from || undefined,
});

/** The list has one row more than the page. This row shows that there is a next page. */
function cut<T>(found: readonly T[], limit: number, at: (one: T) => ListPosition) {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const position = last && at(last);
  const next =
    found.length > limit && position
      ? { nextPageToken: `${position.at.getTime()}_${position.id}` }
      : undefined;
  return { shown, next };
}

/** A token says where its page begins. It stays good when the message that stood there is deleted. */
function positionOf(token: string | undefined): ListPosition | undefined {
  if (token === undefined) return undefined;
  const [milliseconds, id = ""] = token.split("_");
  return { at: new Date(Number(milliseconds)), id };
}

/** No message has an id of another shape. */
function uuidOf(id: string): string {
  if (!isUuid(id)) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
  return id;
}

function toSummary(message: ListedMessage): MailSummary {
  const { sender, head } = message;
  const codes = (head?.found ?? []).map(({ value }) => value);
  return {
    messageId: message.id,
    threadId: message.thread_id,
    inboxId: message.mailbox_id,
    from: sender === "" ? [] : [hideCodes(sender, codes)],
    to: [message.address],
    subject: hideInSubject(head?.subject ?? "", codes),
    labels: [...message.labels],
    createdAt: message.received_at.toISOString(),
  };
}

const toMessage = (message: ListedMessage, body: MessageText | null): MailMessage => ({
  ...toSummary(message),
  from: message.sender === "" ? [] : [message.sender],
  to: [...(body?.to ?? [message.address])],
  cc: [...(body?.cc ?? [])],
  subject: message.head?.subject ?? "",
  text: body?.text ?? "",
  extractedText: body?.extracted ?? "",
});

const toThread = ({ first, ...thread }: ListedThread): MailThread => ({
  threadId: thread.thread_id,
  inboxId: first.mailbox_id,
  subject: toSummary(first).subject,
  createdAt: thread.created_at.toISOString(),
  updatedAt: thread.updated_at.toISOString(),
  messageCount: thread.message_count,
});
