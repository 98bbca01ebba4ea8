import type {
  CodeWaitBody,
  InboxMessageBody,
  MailboxBody,
  OpenedMessageBody,
  OpenedWaitBody,
} from "../../plugin/api/inbox.ts";
import type { ShownWait, WaitCandidate } from "../inbox/help-wait.ts";
import type { ShownMailbox } from "../inbox/mailboxes.ts";
import type { OpenedMessage, ShownMessage } from "../inbox/messages.ts";
import { hideCodes, hideInSubject } from "../redaction/hide-codes.ts";

/**
 * A message for a list: neither its text nor a code. A subject or a sender's name may hold one, so they are shown with
 * codes hidden, also where it is not known any more what was one.
 */
export function showMessage(message: ShownMessage): InboxMessageBody {
  const { head, taken } = message;
  const codes = (head?.found ?? []).map(({ value }) => value);
  return {
    id: message.id,
    address: message.address,
    agent: message.agent,
    channel: message.channel,
    sender: showSender(message, message.sender, codes),
    sender_host: showSender(message, message.senderHost, codes),
    subject: head && hideInSubject(head.subject, codes),
    received_at: message.receivedAt.toISOString(),
    expires_at: message.expiresAt.toISOString(),
    kind: message.kind,
    confidence: message.confidence,
    because: (head?.because ?? []).map(({ rule, text }) => ({ rule, text })),
    authentication: message.authentication,
    labels: [...message.labels],
    taken: taken && {
      kind: taken.kind,
      name: taken.name,
      run_id: taken.runId,
      workflow_slug: taken.workflowSlug,
      at: taken.at.toISOString(),
    },
    purged_at: message.purgedAt?.toISOString() ?? null,
  };
}

/** Where a text comes from is a number, often a short one; of mail without an address the host is the name. */
const showSender = ({ channel }: ShownMessage, sender: string, codes: readonly string[]): string => {
  const isPlace =
    (channel === "sms" && /^\d+$/.test(sender)) || /^([a-z\d-]+\.)+[a-z][a-z\d-]*$/.test(sender);
  return isPlace && !codes.some((code) => sender.includes(code)) ? sender : hideCodes(sender, codes);
};

export const showOpened = ({ reading, ...message }: OpenedMessage): OpenedMessageBody => ({
  ...showMessage(message),
  // Once the text was deleted, whoever opens it sees no more than a list shows.
  ...(message.head && {
    subject: message.head.subject,
    sender: message.sender,
    sender_host: message.senderHost,
  }),
  reading: reading && {
    ...reading,
    because: reading.because.map((reason) => ({ ...reason })),
    candidates: reading.candidates?.map((choice) => ({ ...choice })),
  },
});

export const showWait = (wait: ShownWait): CodeWaitBody => ({
  id: wait.id,
  agent: wait.agent,
  address: wait.address,
  sender: wait.sender,
  run_id: wait.runId,
  workflow_slug: wait.workflowSlug,
  node_id: wait.nodeId,
  begun_at: wait.begunAt.toISOString(),
  expires_at: wait.expiresAt.toISOString(),
  state: wait.state,
  ambiguous: wait.ambiguous,
});

export const showOpenedWait = (
  wait: ShownWait & { readonly candidates: readonly WaitCandidate[] },
): OpenedWaitBody => ({
  ...showWait(wait),
  candidates: wait.candidates.map((candidate) => ({
    message_id: candidate.messageId,
    sender: candidate.sender,
    sender_host: candidate.senderHost,
    received_at: candidate.receivedAt.toISOString(),
    subject: candidate.subject,
    kind: candidate.kind,
    value: candidate.value,
    context: candidate.context,
  })),
});

export const showMailbox = ({ createdAt, readers, allow, block, ...mailbox }: ShownMailbox): MailboxBody => ({
  ...mailbox,
  readers: [...readers],
  allow: [...allow],
  block: [...block],
  created_at: createdAt.toISOString(),
});
