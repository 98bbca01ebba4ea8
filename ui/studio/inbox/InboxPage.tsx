import { lazy, Suspense } from "react";
import { PageFrame, PageNotice, ViewLinks } from "../pages/PageFrame.tsx";
import { type InboxShow, pathOfShow } from "../pages/page-paths.ts";
import { useMay } from "../person/whoami.ts";
import { useOfAddress } from "../router.ts";
import { MessagesView } from "./MessagesView.tsx";

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
  const mayOpen = useMay("mail:read");
  const shownViews = views.filter(([name]) => name !== "try" || mayOpen);
  const [show] = shownViews.find(([name]) => name === asked) ?? [];
  return (
    <PageFrame
      title="Inbox"
      actions={
        <ViewLinks
          label="Inbox"
          views={shownViews.map(([name, words]) => [pathOfShow(name), words] as const)}
          shown={pathOfShow(show)}
        />
      }
    >
      <Suspense fallback={<PageNotice busy title="Opening the inbox…" />}>
        {show === "try" ? <TryMessage /> : show === "mailboxes" ? <MailboxesView /> : <MessagesView />}
      </Suspense>
    </PageFrame>
  );
}
