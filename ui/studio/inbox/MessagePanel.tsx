import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { openMessage } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { PageNotice } from "../pages/PageNotice.tsx";
import { goToPath } from "../router.ts";
import { MessageBody } from "./MessageBody.tsx";
import { pathOfMessage } from "./path-of-inbox.ts";

const close = () => {
  const row = document.querySelector<HTMLElement>(".mails__open[aria-current]");
  goToPath(pathOfMessage(undefined));
  row?.focus();
};

/** A message opened. It is asked for once: every opening is in the audit log, and codes are in it. */
export function MessagePanel({ id }: { id: string }) {
  const read = useQuery({
    queryKey: ["inbox-message", id],
    queryFn: () => openMessage(id),
    staleTime: Number.POSITIVE_INFINITY,
    // Nothing of it stays in the page once it is closed.
    gcTime: 0,
    refetchOnReconnect: false,
  });
  const panel = useRef<HTMLElement>(null);
  const narrow = useIsNarrow();
  useEffect(() => {
    // There it covers the list, so the focus cannot stay behind it.
    if (narrow) panel.current?.querySelector<HTMLElement>("button")?.focus();
  }, [narrow]);
  const title = read.data?.subject || "Message";
  return (
    <aside
      ref={panel}
      className="panel"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        if (!(event.target as HTMLElement).closest("dialog")) close();
      }}
    >
      <header className="panel__head">
        <h2 title={title}>
          <bdi>{title}</bdi>
        </h2>
        <button type="button" className="icon-button" aria-label="Close message" onClick={close}>
          <X size={16} aria-hidden />
        </button>
      </header>
      <div className="panel__body">
        {read.data ? (
          <MessageBody message={read.data} />
        ) : read.error ? (
          <PageNotice title="There is nothing to show" text={messageOf(read.error)} />
        ) : (
          <PageNotice busy title="Opening the message…" />
        )}
      </div>
    </aside>
  );
}
