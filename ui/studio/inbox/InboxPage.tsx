import "../styles/inbox.css";
import { lazy, Suspense } from "react";
import { PageLink } from "../kit/PageLink.tsx";
import { PageFrame } from "../pages/PageFrame.tsx";
import { PageNotice } from "../pages/PageNotice.tsx";
import { useOfAddress } from "../router.ts";
import { MessagesView } from "./MessagesView.tsx";
import { type InboxShow, pathOfShow } from "./path-of-inbox.ts";

const TryMessage = lazy(async () => ({ default: (await import("./TryMessage.tsx")).TryMessage }));
const MailboxesView = lazy(async () => ({
  default: (await import("./mailboxes/MailboxesView.tsx")).MailboxesView,
}));

const views: readonly (readonly [show: InboxShow | undefined, words: string])[] = [
  [undefined, "Messages"],
  ["mailboxes", "Mailboxes"],
  ["try", "Try a message"],
];

/** Codes that arrive by mail and SMS: what came, what was found in it and why, and who got it. */
export function InboxPage() {
  const asked = useOfAddress("show");
  const [show] = views.find(([name]) => name === asked) ?? [];
  return (
    <PageFrame
      title="Inbox"
      actions={
        <nav className="inbox__views" aria-label="Inbox">
          {views.map(([name, words]) => (
            <PageLink
              key={words}
              className="page__place"
              href={pathOfShow(name)}
              aria-current={name === show ? "page" : undefined}
            >
              {words}
            </PageLink>
          ))}
        </nav>
      }
    >
      <Suspense fallback={<PageNotice busy title="Opening the inbox…" />}>
        {show === "try" ? <TryMessage /> : show === "mailboxes" ? <MailboxesView /> : <MessagesView />}
      </Suspense>
    </PageFrame>
  );
}
