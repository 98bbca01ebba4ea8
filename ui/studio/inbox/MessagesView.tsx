import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { listWaits } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button, ButtonLink, ButtonRow, buttonClass } from "../kit/Button.tsx";
import { CodeBlock } from "../kit/JsonView.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { ListView } from "../pages/ListView.tsx";
import { PageNotice } from "../pages/PageFrame.tsx";
import { pathOfShow } from "../pages/page-paths.ts";
import { useDebounced } from "../pages/useDebounced.ts";
import { useMay } from "../person/whoami.ts";
import { useOfAddress } from "../router.ts";
import { askingWords } from "./fitting-waits.ts";
import { askedFor, MessageFilters, noFilter } from "./MessageFilters.tsx";
import { MessageList } from "./MessageList.tsx";
import { MessagePanel } from "./MessagePanel.tsx";
import styles from "./MessagesView.module.css";
import { useArrivals, useBusyList } from "./useArrivals.ts";
import { useMessages } from "./useMessages.ts";

const none: readonly InboxMessageBody[] = [];

/** The live list of what arrived, and the message that is open at its right. */
export function MessagesView() {
  const [typed, setTyped] = useState(noFilter);
  const mayOpen = useMay("mail:read");
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
          {!mayOpen && <Muted>Your role reads this list. It opens no message.</Muted>}
          <AskingWaits />
        </>
      }
      filters={<MessageFilters filter={typed} onFilter={setTyped} />}
      empty={nothing && <EmptyInbox mayTry={mayOpen} />}
      panel={
        chosen !== undefined &&
        mayOpen && <MessagePanel key={chosen} id={chosen} known={messages?.find(({ id }) => id === chosen)} />
      }
    >
      {held > 0 && (
        <Button kind="primary" className={styles.held} onClick={release}>
          {held === 1 ? "Show 1 new message" : `Show ${held} new messages`}
        </Button>
      )}
      {shown.length === 0 ? (
        <PageNotice
          title="No such message"
          text="No message matches the filters. Write an address in full."
        />
      ) : (
        <MessageList messages={shown} chosen={chosen} now={Date.now()} />
      )}
    </ListView>
  );
}

const PickCode = lazy(async () => ({ default: (await import("./pick/PickCode.tsx")).PickCode }));

/** Above the messages: the runs that wait until a person says which code is meant. */
function AskingWaits() {
  const waits = useQuery({
    queryKey: ["inbox", "waits"],
    queryFn: listWaits,
    staleTime: 0,
    refetchInterval: 2_000,
  });
  const [picking, setPicking] = useState<string>();
  const mayPick = useMay("mail:manage");
  const asking = (waits.data ?? []).filter(({ state, ambiguous }) => state === "waiting" && ambiguous);
  return (
    <>
      <div className={styles.asking} role="status">
        {asking.map((wait) => (
          <Callout key={wait.id} className={styles.ask} data-wait={wait.id}>
            <span>{askingWords(wait)}</span>
            {mayPick && <Button onClick={() => setPicking(wait.id)}>Pick the code</Button>}
          </Callout>
        ))}
      </div>
      {picking !== undefined && (
        <Suspense>
          <PickCode waitId={picking} onClose={() => setPicking(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** A line for a shell. The key comes from there: this page has none to show. */
const firstMessage = (origin: string): string =>
  [
    `curl ${origin}/v1/credentials/totp \\`,
    `  -H "x-api-key: $TOTEM_KEY" -H "content-type: application/json" \\`,
    `  -d '{"totp_identifier": "me@example.com", "content": "Your code is 482913"}'`,
  ].join("\n");

/** What to do for a first message. */
const EmptyInbox = ({ mayTry }: { mayTry: boolean }) => (
  <PageNotice
    className={styles.empty}
    title="No message has arrived yet"
    text={
      <>
        Services that send codes by mail or SMS send them here, and the agent that waits for one gets it. With
        mail switched on, every agent user has an address: <code>its-username@your-mail-domain</code>. Any
        program can deliver a message over HTTP:
      </>
    }
  >
    <CodeBlock className={styles.example} data-part="example">
      {firstMessage(location.origin)}
    </CodeBlock>
    <ButtonRow>
      <ButtonLink href={pathOfShow("mailboxes")}>See the addresses</ButtonLink>
      {mayTry && <ButtonLink href={pathOfShow("try")}>Try a message</ButtonLink>}
      <a className={buttonClass("quiet")} href="/openapi.json" target="_blank" rel="noreferrer">
        The API, described
      </a>
    </ButtonRow>
    <Muted>
      All ways in, and how a code is found: <code>docs/inbox.md</code>.
    </Muted>
  </PageNotice>
);
