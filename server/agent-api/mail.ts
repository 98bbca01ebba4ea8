import type { MailMessage, MailThread, OpenedThread } from "../../plugin/api/v0-mail.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
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

export type Mail = ReturnType<typeof createMail>;

/** The inbox in the words of the public `/v0` clients. A caller finds what it may read, and nothing else. */
export const createMail = (inbox: Inbox) => ({
  /** Without bodies, and with codes hidden. */
  async list(caller: AuthenticatedCaller, page: MessagePage) {
    const found = await inbox.listMessages(caller, filterOf(page));
    const { shown, next } = cut(found, page.limit, ({ id, received_at }) => ({ id, at: received_at }));
    return { messages: shown.map(summaryOf), count: shown.length, ...next };
  },

  /** With bodies; audited. */
  async listOpened(caller: AuthenticatedCaller, page: MessagePage) {
    const found = await inbox.openMessages(caller, filterOf(page));
    const { shown, next } = cut(found, page.limit, ({ id, received_at }) => ({ id, at: received_at }));
    const messages = shown.map((message) => showMessage(message, message.body));
    return { messages, count: messages.length, ...next };
  },

  async open(caller: AuthenticatedCaller, id: string): Promise<MailMessage> {
    const message = await inbox.openMessage(caller, uuidOf(id));
    return showMessage(message, message.body && textOf(message.body));
  },

  /** Labels are changed by callers that may not read: what comes back has no body. */
  async label(
    caller: AuthenticatedCaller,
    id: string,
    change: { readonly addLabels: readonly string[]; readonly removeLabels: readonly string[] },
  ): Promise<MailSummary> {
    const { addLabels: add, removeLabels: remove } = change;
    return summaryOf(await inbox.labelMessage(caller, { id: uuidOf(id), add, remove }));
  },

  delete: (caller: AuthenticatedCaller, id: string): Promise<void> => inbox.deleteMessage(caller, uuidOf(id)),

  async listThreads(caller: AuthenticatedCaller, { limit, pageToken }: Page) {
    const found = await inbox.listThreads(caller, { limit: limit + 1, after: positionOf(pageToken) });
    const { shown, next } = cut(found, limit, ({ thread_id, updated_at }) => ({
      id: thread_id,
      at: updated_at,
    }));
    return { threads: shown.map(showThread), count: shown.length, ...next };
  },

  /** Oldest first, as it was said. */
  async openThread(caller: AuthenticatedCaller, id: string, { limit }: Page): Promise<OpenedThread> {
    const threadId = uuidOf(id);
    const [thread] = await inbox.listThreads(caller, { limit: 1, threadId });
    if (!thread) throw new PluginError("INBOX_MESSAGE_NOT_FOUND", { message: "There is no such thread." });
    const messages = await inbox.openMessages(caller, { threadId, limit });
    return {
      ...showThread(thread),
      totalMessages: thread.message_count,
      messages: messages.map((message) => showMessage(message, message.body)).reverse(),
    };
  },
});

const filterOf = ({ limit, pageToken, labels, from }: MessagePage): MessageFilter => ({
  limit: limit + 1,
  after: positionOf(pageToken),
  labels,
  from: from || undefined,
});

/** One more is asked for than is shown: whether there is a next page is known without counting. */
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

/** A token says where its page begins, so that it is good also when what stood there was deleted. */
function positionOf(token: string | undefined): ListPosition | undefined {
  if (token === undefined) return undefined;
  const [milliseconds, id = ""] = token.split("_");
  return { at: new Date(Number(milliseconds)), id };
}

/** An id of another shape is nobody's. */
function uuidOf(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
  return id;
}

function summaryOf(message: ListedMessage): MailSummary {
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

const showMessage = (message: ListedMessage, body: MessageText | null): MailMessage => ({
  ...summaryOf(message),
  from: message.sender === "" ? [] : [message.sender],
  to: [...(body?.to ?? [message.address])],
  cc: [...(body?.cc ?? [])],
  subject: message.head?.subject ?? "",
  text: body?.text ?? "",
  extractedText: body?.extracted ?? "",
});

const showThread = ({ first, ...thread }: ListedThread): MailThread => ({
  threadId: thread.thread_id,
  inboxId: first.mailbox_id,
  subject: summaryOf(first).subject,
  createdAt: thread.created_at.toISOString(),
  updatedAt: thread.updated_at.toISOString(),
  messageCount: thread.message_count,
});
