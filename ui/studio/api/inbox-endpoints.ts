import type { z } from "zod";
import {
  type addMailboxBody,
  type answerWaitBody,
  type changeMailboxBody,
  codeWaits,
  inboxMessages,
  mailbox,
  mailboxes,
  openedMessage,
  openedWait,
  reading,
  type readingBody,
} from "../../../plugin/api/inbox.ts";
import { request } from "./request.ts";

/** The inbox's addresses, apart from the others: their schemas are not on the first view. */

const inbox = "/api/v1/inbox";
const messagePath = (id: string) => `${inbox}/messages/${encodeURIComponent(id)}`;
const waitPath = (id: string) => `${inbox}/waits/${encodeURIComponent(id)}`;
const mailboxPath = (id: string) => `${inbox}/mailboxes/${encodeURIComponent(id)}`;

/** The filter of the messages. Empty fields are left out. */
export interface MessageFilter {
  readonly address?: string;
  readonly agent?: string;
  readonly kind?: string;
}

const pageSize = 50;

export const listMessages = (filter: MessageFilter, before?: string) => {
  const query = new URLSearchParams({ limit: String(pageSize) });
  for (const [name, value] of Object.entries({ ...filter, before })) if (value) query.set(name, value);
  return request(`${inbox}/messages?${query}`, { answer: inboxMessages });
};
/** A message with its text. Every answer is in the audit log. */
export const openMessage = (id: string) => request(messagePath(id), { answer: openedMessage });
export const rereadMessage = (id: string) =>
  request(`${messagePath(id)}/reread`, { method: "POST", answer: openedMessage });
export const deleteMessage = (id: string) => request(messagePath(id), { method: "DELETE", keepalive: true });

/** What is found in a pasted message. Nothing of it is stored. */
export const tryMessage = (body: z.input<typeof readingBody>) =>
  request(`${inbox}/readings`, { method: "POST", body, answer: reading });

export const listWaits = () => request(`${inbox}/waits`, { answer: codeWaits }).then(({ waits }) => waits);
/** A wait with its candidates. Every answer is in the audit log, because it holds codes. */
export const openWait = (id: string) => request(waitPath(id), { answer: openedWait });
export const answerWait = (id: string, body: z.input<typeof answerWaitBody>) =>
  request(`${waitPath(id)}/answer`, { method: "POST", body });

export const listMailboxes = () =>
  request(`${inbox}/mailboxes`, { answer: mailboxes }).then((answer) => answer.mailboxes);
export const addMailbox = (body: z.input<typeof addMailboxBody>) =>
  request(`${inbox}/mailboxes`, { method: "POST", body, answer: mailbox });
export const changeMailbox = (id: string, body: z.input<typeof changeMailboxBody>) =>
  request(mailboxPath(id), { method: "PATCH", body, answer: mailbox });
export const deleteMailbox = (id: string) => request(mailboxPath(id), { method: "DELETE", keepalive: true });
