import { useMemo, useState } from "react";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { messageOf } from "../api/request.ts";
import { useSettled } from "../audit/useSettled.ts";
import { PageNotice } from "../pages/PageNotice.tsx";
import { useOfAddress } from "../router.ts";
import { AskingWaits } from "./AskingWaits.tsx";
import { EmptyInbox } from "./EmptyInbox.tsx";
import { askedFor, MessageFilters, noFilter } from "./MessageFilters.tsx";
import { MessageList } from "./MessageList.tsx";
import { MessagePanel } from "./MessagePanel.tsx";
import { useArrivals } from "./useArrivals.ts";
import { useBusyList } from "./useBusyList.ts";
import { useMessages } from "./useMessages.ts";

const none: readonly InboxMessageBody[] = [];

/** The live list of what arrived, and the message that is open at its right. */
export function MessagesView() {
  const [typed, setTyped] = useState(noFilter);
  const whose = useSettled(typed.whose);
  const filter = useMemo(() => ({ ...askedFor(whose), kind: typed.kind }), [whose, typed.kind]);
  const inbox = useMessages(filter);
  const { messages, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = inbox;
  const chosen = useOfAddress("message");
  const { busy, frame } = useBusyList();
  const { shown, held, release, news } = useArrivals(
    messages ?? none,
    busy,
    `${JSON.stringify(filter)} ${inbox.isPlaceholderData} ${messages === undefined}`,
  );
  const narrowed = whose.trim() !== "" || typed.kind !== "";

  if (error && !messages)
    return (
      <PageNotice
        title="The inbox cannot be read"
        text={messageOf(error)}
        action={{ label: "Try again", run: () => void refetch() }}
      />
    );
  if (!messages) return <PageNotice busy title="Opening the inbox…" />;
  const empty = messages.length === 0 && !hasNextPage && !narrowed;
  return (
    <div className="inbox" data-panel={chosen === undefined ? undefined : ""}>
      <div className="inbox__list">
        <p className="totem-sr-only" role="status" data-testid="inbox-news">
          {news}
        </p>
        {inbox.lost && (
          <p className="notice" role="status">
            New messages are not shown just now: {messageOf(inbox.lost)} Trying again.
          </p>
        )}
        <AskingWaits />
        {empty ? (
          <EmptyInbox />
        ) : (
          <>
            <MessageFilters filter={typed} onFilter={setTyped} />
            <div className="inbox__scroll" aria-busy={inbox.isPlaceholderData} {...frame}>
              {held > 0 && (
                <button type="button" className="button button--primary inbox__held" onClick={release}>
                  {held === 1 ? "Show 1 new message" : `Show ${held} new messages`}
                </button>
              )}
              {shown.length === 0 ? (
                <PageNotice
                  title="No such message"
                  text="No message is like that. An address has to be whole."
                />
              ) : (
                <MessageList messages={shown} chosen={chosen} now={Date.now()} />
              )}
              {hasNextPage && (
                <button
                  type="button"
                  className="button button--quiet"
                  disabled={isFetchingNextPage}
                  onClick={() => void fetchNextPage()}
                >
                  {isFetchingNextPage ? "Reading more…" : "Show older messages"}
                </button>
              )}
            </div>
          </>
        )}
      </div>
      {chosen !== undefined && (
        <MessagePanel key={chosen} id={chosen} known={messages.find(({ id }) => id === chosen)} />
      )}
    </div>
  );
}
