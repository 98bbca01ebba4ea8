import { useQuery } from "@tanstack/react-query";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { openMessage } from "../api/inbox-endpoints.ts";
import { DetailPanel } from "../pages/DetailPanel.tsx";
import { pathOfMessage } from "../pages/page-paths.ts";
import { MessageBody } from "./MessageBody.tsx";

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
