import { PageLink } from "../kit/PageLink.tsx";
import { pathOfShow } from "./path-of-inbox.ts";

/** A line for a shell. The key comes from there: this page has none to show. */
export const firstMessage = (origin: string): string =>
  [
    `curl ${origin}/v1/credentials/totp \\`,
    `  -H "x-api-key: $TOTEM_KEY" -H "content-type: application/json" \\`,
    `  -d '{"totp_identifier": "me@example.com", "content": "Your code is 482913"}'`,
  ].join("\n");

/** What to do for a first message. */
export const EmptyInbox = () => (
  <section className="page__nothing inbox__empty">
    <div>
      <h3>No message has arrived yet</h3>
      <p className="muted">
        Services that send codes by mail or SMS send them here, and the agent that waits for one gets it. With
        mail switched on, every agent user has an address: <code>its-username@your-mail-domain</code>. Any
        program can deliver a message over HTTP:
      </p>
    </div>
    <pre className="json__text inbox__curl">{firstMessage(location.origin)}</pre>
    <p className="inbox__ways">
      <PageLink className="button" href={pathOfShow("mailboxes")}>
        See the addresses
      </PageLink>
      <PageLink className="button" href={pathOfShow("try")}>
        Try a message
      </PageLink>
      <a className="button button--quiet" href="/openapi.json" target="_blank" rel="noreferrer">
        The API, described
      </a>
    </p>
    <p className="muted">
      All ways in, and how a code is found: <code>docs/inbox.md</code>.
    </p>
  </section>
);
