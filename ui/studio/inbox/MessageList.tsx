import type { KeyboardEvent } from "react";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { pathOfRun } from "../router.ts";
import { authenticationMarks } from "./authentication-marks.ts";
import { FoundMark } from "./FoundMark.tsx";
import { addresseeOf, senderOf, takenWords, wordsOfChannel } from "./message-words.ts";
import { pathOfMessage } from "./path-of-inbox.ts";

/** Arrows go from message to message, as in any list. */
function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".mails__open")];
  const at = rows.findIndex((row) => row.closest("li")?.contains(document.activeElement));
  const next = rows[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export interface MessageListProps {
  readonly messages: readonly InboxMessageBody[];
  readonly chosen: string | undefined;
  readonly now: number;
}

export const MessageList = ({ messages, chosen, now }: MessageListProps) => (
  <ul className="mails" aria-label="Messages, newest first" onKeyDown={onArrow}>
    {messages.map((message) => (
      <MessageRow key={message.id} message={message} isChosen={message.id === chosen} now={now} />
    ))}
  </ul>
);

interface MessageRowProps {
  readonly message: InboxMessageBody;
  readonly isChosen: boolean;
  readonly now: number;
}

/** The whole row opens the message; only the run it was handed out in is a link of its own. */
function MessageRow({ message, isChosen, now }: MessageRowProps) {
  const { sender, sender_host, subject, because, received_at, labels, purged_at, address, agent } = message;
  return (
    <li className="mails__row" data-message={message.id} data-kind={message.kind}>
      <FoundMark kind={message.kind} settled={message.taken !== null} />
      <div className="mails__what">
        <PageLink
          className="mails__open"
          href={pathOfMessage(message.id)}
          aria-current={isChosen ? "true" : undefined}
        >
          <bdi>{senderOf(message)}</bdi>
        </PageLink>
        {!sender.endsWith(sender_host) && <span className="muted"> from {sender_host}</span>}
        {(subject || purged_at !== null) && (
          <span className="mails__subject">
            <bdi>{subject || "The text was deleted"}</bdi>
          </span>
        )}
        <span className="mails__why muted">{because[0]?.text}</span>
      </div>
      <div className="mails__to muted">
        <bdi>{addresseeOf(message)}</bdi>
        {agent !== null && !isOwnAddress(agent, address) && <bdi className="mails__address">{address}</bdi>}
      </div>
      <div className="mails__marks">
        <span className="tag">{wordsOfChannel(message.channel)}</span>
        {authenticationMarks(message).map(({ words, tone, why }) => (
          <span key={words} className="tag" data-tone={tone} title={why}>
            {words}
          </span>
        ))}
        {labels.map((label) => (
          <span key={`label ${label}`} className="tag mails__label">
            {label}
          </span>
        ))}
      </div>
      <div className="mails__when muted">
        <time dateTime={received_at} title={exactTime(received_at)}>
          {relativeTime(received_at, now)}
        </time>
        <Taker message={message} />
      </div>
    </li>
  );
}

/** An agent's own address is its name and the domain: it says nothing new. */
const isOwnAddress = (agent: string, address: string): boolean =>
  address === agent || address.startsWith(`${agent}@`);

/** Who got it, and in which run. */
export function Taker({ message }: { message: InboxMessageBody }) {
  const { taken } = message;
  return (
    <span className="mails__taken" title={taken ? exactTime(taken.at) : undefined}>
      {takenWords(message)}
      {taken?.run_id && taken.workflow_slug && (
        <>
          {" in "}
          <PageLink href={pathOfRun(taken.workflow_slug, taken.run_id)}>
            run {taken.run_id.slice(0, 8)}
          </PageLink>
        </>
      )}
    </span>
  );
}
