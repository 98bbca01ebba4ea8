import { ButtonLink, ButtonRow, buttonClass } from "../kit/Button.tsx";
import { CodeBlock } from "../kit/JsonView.tsx";
import { Muted } from "../kit/text.tsx";
import { PageNotice } from "../pages/PageFrame.tsx";
import { pathOfShow } from "../pages/page-paths.ts";
import styles from "./MessagesView.module.css";

/** A line for a shell. The key comes from there: this page has none to show. */
export const firstMessage = (origin: string): string =>
  [
    `curl ${origin}/v1/credentials/totp \\`,
    `  -H "x-api-key: $TOTEM_KEY" -H "content-type: application/json" \\`,
    `  -d '{"totp_identifier": "me@example.com", "content": "Your code is 482913"}'`,
  ].join("\n");

/** What to do for a first message. */
export const EmptyInbox = () => (
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
      <ButtonLink href={pathOfShow("try")}>Try a message</ButtonLink>
      <a className={buttonClass("quiet")} href="/openapi.json" target="_blank" rel="noreferrer">
        The API, described
      </a>
    </ButtonRow>
    <Muted>
      All ways in, and how a code is found: <code>docs/inbox.md</code>.
    </Muted>
  </PageNotice>
);
