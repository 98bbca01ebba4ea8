import type { OpenedMessageBody } from "../../../plugin/api/inbox.ts";
import { type Fact, Facts } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { authenticationMarks } from "./authentication-marks.ts";
import { Taker } from "./MessageList.tsx";
import { senderOf, takenWords, wordsOfChannel } from "./message-words.ts";

export function MessageFacts({ message }: { message: OpenedMessageBody }) {
  const { sender, sender_host, address, agent, received_at, expires_at, labels, purged_at } = message;
  const marks = authenticationMarks(message);
  const facts: readonly Fact[] = [
    ["From", <bdi key="from">{senderOf(message)}</bdi>],
    ...(sender.endsWith(sender_host) ? [] : ([["Sent through", sender_host]] as const)),
    ["To", <bdi key="to">{address}</bdi>],
    ...(agent === null || agent === address ? [] : ([["Agent", agent]] as const)),
    ["Came by", wordsOfChannel(message.channel)],
    ["Arrived", exactTime(received_at)],
    ["Good until", exactTime(expires_at)],
    ...(marks.length === 0
      ? []
      : ([
          [
            "Checked",
            <span
              key="marks"
              title={marks[0]?.why}
            >{`${marks.map(({ words }) => words).join(", ")}. ${marks[0]?.why}`}</span>,
          ],
        ] as const)),
    ...(takenWords(message) === ""
      ? []
      : ([["Handed out", <Taker key="taker" message={message} />]] as const)),
    ...(labels.length === 0 ? [] : ([["Labels", labels.join(", ")]] as const)),
    ...(purged_at === null ? [] : ([["Text deleted", exactTime(purged_at)]] as const)),
  ];
  return <Facts facts={facts} />;
}
