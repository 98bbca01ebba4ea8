import type { MailMessage, MailThread, OpenedThread } from "../../plugin/api/v0-mail.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { InboxCaller } from "../inbox/inbox-caller.ts";
import type { ListPlace, MessageFilter, ShownMessage } from "../inbox/messages.ts";
import { type MessageText, textOf } from "../inbox/open-messages.ts";
import type { ShownThread } from "../inbox/threads.ts";
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
  async list(caller: InboxCaller, page: MessagePage) {
    const found = await inbox.listMessages(caller, filterOf(page));
    const { shown, next } = cut(found, page.limit, ({ receivedAt }) => receivedAt);
    return { messages: shown.map(summaryOf), count: shown.length, ...next };
  },

  /** With bodies; audited. */
  async listOpened(caller: InboxCaller, page: MessagePage) {
    const found = await inbox.openMessages(caller, filterOf(page));
    const { shown, next } = cut(found, page.limit, ({ receivedAt }) => receivedAt);
    const messages = shown.map((message) => showMessage(message, message.body));
    return { messages, count: messages.length, ...next };
  },

  async open(caller: InboxCaller, id: string): Promise<MailMessage> {
    const message = await inbox.openMessage(caller, uuidOf(id));
    return showMessage(message, message.body && textOf(message.body));
  },

  /** Labels are changed by callers that may not read: what comes back has no body. */
  async label(
    caller: InboxCaller,
    id: string,
    change: { readonly addLabels: readonly string[]; readonly removeLabels: readonly string[] },
  ): Promise<MailSummary> {
    const { addLabels: add, removeLabels: remove } = change;
    return summaryOf(await inbox.labelMessage(caller, uuidOf(id), { add, remove }));
  },

  delete: (caller: InboxCaller, id: string): Promise<void> => inbox.deleteMessage(caller, uuidOf(id)),

  async listThreads(caller: InboxCaller, { limit, pageToken }: Page) {
    const found = await inbox.listThreads(caller, { limit: limit + 1, after: placeOf(pageToken) });
    const { shown, next } = cut(found, limit, ({ updatedAt }) => updatedAt);
    return { threads: shown.map(showThread), count: shown.length, ...next };
  },

  /** Oldest first, as it was said. */
  async openThread(caller: InboxCaller, id: string, { limit }: Page): Promise<OpenedThread> {
    const threadId = uuidOf(id);
    const [thread] = await inbox.listThreads(caller, { limit: 1, threadId });
    if (!thread) throw new PluginError("INBOX_MESSAGE_NOT_FOUND", { message: "There is no such thread." });
    const messages = await inbox.openMessages(caller, { threadId, limit });
    return {
      ...showThread(thread),
      totalMessages: thread.messageCount,
      messages: messages.map((message) => showMessage(message, message.body)).reverse(),
    };
  },
});

const filterOf = ({ limit, pageToken, labels, from }: MessagePage): MessageFilter => ({
  limit: limit + 1,
  after: placeOf(pageToken),
  labels,
  from: from || undefined,
});

/** One more is asked for than is shown: whether there is a next page is known without counting. */
function cut<T extends { readonly id: string }>(found: readonly T[], limit: number, at: (one: T) => Date) {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const next =
    found.length > limit && last ? { nextPageToken: `${at(last).getTime()}_${last.id}` } : undefined;
  return { shown, next };
}

/** A token says where its page begins, so that it is good also when what stood there was deleted. */
function placeOf(token: string | undefined): ListPlace | undefined {
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

function summaryOf(message: ShownMessage): MailSummary {
  const { sender, head } = message;
  const codes = (head?.found ?? []).map(({ value }) => value);
  return {
    messageId: message.id,
    threadId: message.threadId,
    inboxId: message.mailboxId,
    from: sender === "" ? [] : [hideCodes(sender, codes)],
    to: [message.address],
    subject: hideInSubject(head?.subject ?? "", codes),
    labels: [...message.labels],
    createdAt: message.receivedAt.toISOString(),
  };
}

const showMessage = (message: ShownMessage, body: MessageText | null): MailMessage => ({
  ...summaryOf(message),
  from: message.sender === "" ? [] : [message.sender],
  to: [...(body?.to ?? [message.address])],
  cc: [...(body?.cc ?? [])],
  subject: message.head?.subject ?? "",
  text: body?.text ?? "",
  extractedText: body?.extracted ?? "",
});

const showThread = ({ id, first, createdAt, updatedAt, messageCount }: ShownThread): MailThread => ({
  threadId: id,
  inboxId: first.mailboxId,
  subject: summaryOf(first).subject,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  messageCount,
});
