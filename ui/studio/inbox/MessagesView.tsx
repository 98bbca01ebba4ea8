import { useMemo, useState } from "react";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Callout } from "../kit/text.tsx";
import { ListView } from "../pages/ListView.tsx";
import { PageNotice } from "../pages/PageFrame.tsx";
import { useDebounced } from "../pages/useDebounced.ts";
import { useOfAddress } from "../router.ts";
import { AskingWaits } from "./AskingWaits.tsx";
import { EmptyInbox } from "./EmptyInbox.tsx";
import { askedFor, MessageFilters, noFilter } from "./MessageFilters.tsx";
import { MessageList } from "./MessageList.tsx";
import { MessagePanel } from "./MessagePanel.tsx";
import styles from "./MessagesView.module.css";
import { useArrivals } from "./useArrivals.ts";
import { useBusyList } from "./useBusyList.ts";
import { useMessages } from "./useMessages.ts";

const none: readonly InboxMessageBody[] = [];

/** The live list of what arrived, and the message that is open at its right. */
export function MessagesView() {
  const [typed, setTyped] = useState(noFilter);
  const whose = useDebounced(typed.whose);
  const filter = useMemo(() => ({ ...askedFor(whose), kind: typed.kind }), [whose, typed.kind]);
  const inbox = useMessages(filter);
  const { messages, lost } = inbox;
  const chosen = useOfAddress("message");
  const { busy, frame } = useBusyList();
  const { shown, held, release, news } = useArrivals(
    messages ?? none,
    busy,
    `${JSON.stringify(filter)} ${inbox.isPlaceholderData} ${messages === undefined}`,
  );
  const narrowed = whose.trim() !== "" || typed.kind !== "";

  const nothing = messages?.length === 0 && !inbox.hasNextPage && !narrowed;
  return (
    <ListView
      className={styles.view}
      query={inbox}
      isRead={messages !== undefined}
      words={{
        loading: "Opening the inbox…",
        unreadable: "The inbox cannot be read",
        more: "Show older messages",
      }}
      frame={frame}
      notices={
        <>
          <p className="totem-sr-only" role="status" data-testid="inbox-news">
            {news}
          </p>
          {lost && (
            <Callout role="status">
              New messages are not shown just now: {messageOf(lost)} Trying again.
            </Callout>
          )}
          <AskingWaits />
        </>
      }
      filters={<MessageFilters filter={typed} onFilter={setTyped} />}
      empty={nothing && <EmptyInbox />}
      panel={
        chosen !== undefined && (
          <MessagePanel key={chosen} id={chosen} known={messages?.find(({ id }) => id === chosen)} />
        )
      }
    >
      {held > 0 && (
        <Button kind="primary" className={styles.held} onClick={release}>
          {held === 1 ? "Show 1 new message" : `Show ${held} new messages`}
        </Button>
      )}
      {shown.length === 0 ? (
        <PageNotice title="No such message" text="No message is like that. An address has to be whole." />
      ) : (
        <MessageList messages={shown} chosen={chosen} now={Date.now()} />
      )}
    </ListView>
  );
}
