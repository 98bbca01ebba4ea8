import type { InboxMessageBody, OpenedMessageBody } from "../../plugin/api/inbox.ts";
import { hideCodes, hideInSubject } from "../redaction/hide-codes.ts";
import type { ListedMessage } from "./list-messages.ts";
import type { OpenedMessage } from "./open-message.ts";

/**
 * A message for a list: neither its text nor a code. A subject or a sender's name may hold one, so codes are hidden in
 * them; also in a message whose codes are deleted, by their form.
 */
export function showMessage({ head, ...message }: ListedMessage): InboxMessageBody {
  const codes = (head?.found ?? []).map(({ value }) => value);
  return {
    ...message,
    sender: showSender(message, message.sender, codes),
    sender_host: showSender(message, message.sender_host, codes),
    subject: head && hideInSubject(head.subject, codes),
    received_at: message.received_at.toISOString(),
    expires_at: message.expires_at.toISOString(),
    because: (head?.because ?? []).map(({ rule, text }) => ({ rule, text })),
    purged_at: message.purged_at?.toISOString() ?? null,
  };
}

/** The sender of a text is a number, often a short one; of mail without an address the host is the name. */
const showSender = (
  { channel }: Pick<ListedMessage, "channel">,
  sender: string,
  codes: readonly string[],
): string => {
  const isNumberOrHost =
    (channel === "sms" && /^\d+$/.test(sender)) || /^([a-z\d-]+\.)+[a-z][a-z\d-]*$/.test(sender);
  return isNumberOrHost && !codes.some((code) => sender.includes(code)) ? sender : hideCodes(sender, codes);
};

export const showOpened = ({ reading, body: _body, ...message }: OpenedMessage): OpenedMessageBody => ({
  ...showMessage(message),
  // Once the text is deleted, an opened message shows no more than a list does.
  ...(message.head && {
    subject: message.head.subject,
    sender: message.sender,
    sender_host: message.sender_host,
  }),
  reading: reading && {
    ...reading,
    because: reading.because.map((reason) => ({ ...reason })),
    candidates: reading.candidates?.map((choice) => ({ ...choice })),
  },
});
