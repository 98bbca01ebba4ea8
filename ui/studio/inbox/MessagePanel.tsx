import { useQuery, useQueryClient } from "@tanstack/react-query";
import { HandHelping, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { InboxMessageBody, OpenedMessageBody } from "../../../plugin/api/inbox.ts";
import { deleteMessage, openMessage, rereadMessage } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button, ButtonRow } from "../kit/Button.tsx";
import { deleteWithUndo } from "../kit/delete-with-undo.ts";
import { PanelSection } from "../kit/SidePanel.tsx";
import { type Fact, Facts, Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { DetailPanel } from "../pages/DetailPanel.tsx";
import { pathOfMessage } from "../pages/page-paths.ts";
import { useMay } from "../person/whoami.ts";
import { goToPath } from "../router.ts";
import { HandOverDialog } from "./HandOverDialog.tsx";
import { Taker } from "./MessageList.tsx";
import { authenticationMarks, nameOf, senderOf, takenWords, wordsOfChannel } from "./message-words.ts";
import { ReadingView } from "./ReadingView.tsx";
import { useFreshInbox } from "./useMessages.ts";

export interface MessagePanelProps {
  readonly id: string;
  /** As the live list has it: who was given its code changes while it is open. */
  readonly known: InboxMessageBody | undefined;
}

/** A message opened. It is asked for once: every opening is in the audit log, and codes are in it. */
export function MessagePanel({ id, known }: MessagePanelProps) {
  const read = useQuery({
    queryKey: ["inbox-message", id],
    queryFn: () => openMessage(id),
    staleTime: Number.POSITIVE_INFINITY,
    // Nothing of it stays in the page once it is closed.
    gcTime: 0,
    refetchOnReconnect: false,
  });
  const message =
    read.data && (known ? { ...read.data, taken: known.taken, labels: known.labels } : read.data);
  return (
    <DetailPanel
      title={message?.subject || "Message"}
      closeLabel="Close message"
      listPath={pathOfMessage(undefined)}
      loading="Opening the message…"
      error={read.error}
    >
      {message && <MessageBody message={message} />}
    </DetailPanel>
  );
}

/** An opened message: what is known of it, what can be done with it, and how it was read. */
function MessageBody({ message }: { message: OpenedMessageBody }) {
  const queries = useQueryClient();
  const freshen = useFreshInbox();
  const [busy, setBusy] = useState(false);
  const [handing, setHanding] = useState(false);
  const { id, reading, taken } = message;
  const mayManage = useMay("mail:manage");

  async function reread() {
    setBusy(true);
    try {
      queries.setQueryData(["inbox-message", id], await rereadMessage(id));
      showToast({ text: "The message was read again." });
      await freshen();
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    } finally {
      setBusy(false);
    }
  }
  function remove() {
    goToPath(pathOfMessage(undefined), { replace: true });
    deleteWithUndo({ id, name: nameOf(message), send: deleteMessage, focusUndo: true }, () => void freshen());
  }
  return (
    <>
      <MessageFacts message={message} />
      {mayManage && (
        <ButtonRow>
          {reading && (
            <>
              <Button disabled={busy} onClick={() => void reread()}>
                <RefreshCw size={14} aria-hidden />
                Read again
              </Button>
              {taken === null && (
                <Button onClick={() => setHanding(true)}>
                  <HandHelping size={14} aria-hidden />
                  Hand over…
                </Button>
              )}
            </>
          )}
          <Button onClick={remove}>
            <Trash2 size={14} aria-hidden />
            Delete
          </Button>
        </ButtonRow>
      )}
      <PanelSection aria-label="What was found">
        {reading ? (
          <ReadingView reading={reading} settled={taken !== null} />
        ) : (
          <Muted>The text was deleted. The sender, the time and the hash are still stored.</Muted>
        )}
      </PanelSection>
      {handing && reading && (
        <HandOverDialog message={message} reading={reading} onClose={() => setHanding(false)} />
      )}
    </>
  );
}

function MessageFacts({ message }: { message: OpenedMessageBody }) {
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
