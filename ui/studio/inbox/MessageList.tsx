import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { Muted, Tag } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { Rows } from "../pages/ListView.tsx";
import { pathOfMessage } from "../pages/page-paths.ts";
import { useMay } from "../person/whoami.ts";
import { pathOfRun } from "../router.ts";
import { FoundMark } from "./FoundMark.tsx";
import styles from "./MessageList.module.css";
import { addresseeOf, authenticationMarks, senderOf, takenWords, wordsOfChannel } from "./message-words.ts";

export interface MessageListProps {
  readonly messages: readonly InboxMessageBody[];
  readonly chosen: string | undefined;
  readonly now: number;
}

export const MessageList = ({ messages, chosen, now }: MessageListProps) => (
  <Rows className={styles.list} aria-label="Messages, newest first">
    {messages.map((message) => (
      <MessageRow key={message.id} message={message} isChosen={message.id === chosen} now={now} />
    ))}
  </Rows>
);

interface MessageRowProps {
  readonly message: InboxMessageBody;
  readonly isChosen: boolean;
  readonly now: number;
}

/** The whole row opens the message; only the run it was handed out in is a link of its own. */
function MessageRow({ message, isChosen, now }: MessageRowProps) {
  const mayOpen = useMay("mail:read");
  const { sender, sender_host, subject, because, received_at, labels, purged_at, address, agent } = message;
  return (
    <li className={styles.row} data-message={message.id} data-kind={message.kind}>
      <div className={styles.found}>
        <FoundMark kind={message.kind} settled={message.taken !== null} />
      </div>
      <div className={styles.what}>
        {mayOpen ? (
          <PageLink
            data-row
            className={styles.open}
            href={pathOfMessage(message.id)}
            aria-current={isChosen ? "true" : undefined}
          >
            <bdi>{senderOf(message)}</bdi>
          </PageLink>
        ) : (
          <bdi>{senderOf(message)}</bdi>
        )}
        {!sender.endsWith(sender_host) && <Muted as="span"> from {sender_host}</Muted>}
        {(subject || purged_at !== null) && (
          <span className={styles.subject}>
            <bdi>{subject || "The text was deleted"}</bdi>
          </span>
        )}
        <Muted as="span" className={styles.why} data-part="why">
          {because[0]?.text}
        </Muted>
      </div>
      <Muted as="div" className={styles.to}>
        <bdi>{addresseeOf(message)}</bdi>
        {agent !== null && !isOwnAddress(agent, address) && <bdi className={styles.address}>{address}</bdi>}
      </Muted>
      <div className={styles.marks}>
        <Tag>{wordsOfChannel(message.channel)}</Tag>
        {authenticationMarks(message).map(({ words, tone, why }) => (
          <Tag key={words} tone={tone} title={why}>
            {words}
          </Tag>
        ))}
        {labels.map((label) => (
          <Tag key={`label ${label}`} className={styles.label}>
            {label}
          </Tag>
        ))}
      </div>
      <Muted as="div" className={styles.when}>
        <time dateTime={received_at} title={exactTime(received_at)}>
          {relativeTime(received_at, now)}
        </time>
        <Taker message={message} />
      </Muted>
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
    <span className={styles.taken} title={taken ? exactTime(taken.at) : undefined}>
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
