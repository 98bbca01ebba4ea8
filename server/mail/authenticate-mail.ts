import type { Clock } from "../clock.ts";
import type { MessageAuthentication } from "../inbox/delivery.ts";
import { statedResults } from "./authentication-results.ts";
import { boundResolver, type Resolver } from "./bounded-resolver.ts";
import type { MailHeaders } from "./mail-headers.ts";
import { type Client, verifyMail } from "./verify-mail.ts";

export interface ReceivedMail {
  readonly raw: Uint8Array;
  readonly headers: MailHeaders;
  /** Whose Authentication-Results are believed for this message; empty when a stranger brought it. */
  readonly trustedIds: readonly string[];
  /** Left out where the one who connects is not the sender: a trusted hop, a mailbox. */
  readonly client?: Client;
}

/** The sender waits meanwhile; what is not known by then is "temperror". */
const mostMilliseconds = 3_000;

const unknown = ({ client }: Pick<ReceivedMail, "client">): MessageAuthentication => ({
  spf: client ? "temperror" : null,
  dkim: "temperror",
  dmarc: "temperror",
  by: "here",
});

/** How far a message is what it says: in the words of a server we trust, or else as we find it ourselves. */
export function createAuthenticator(outside: { readonly resolver: Resolver; readonly clock: Clock }) {
  return async ({ trustedIds, ...mail }: ReceivedMail): Promise<MessageAuthentication> => {
    const stated = trustedIds.length > 0 ? statedResults(mail.headers, trustedIds) : undefined;
    if (stated) return { ...stated, by: "trusted-hop" };
    const done = new AbortController();
    const timeIsUp = new AbortController();
    const deadline = outside.clock.sleep(mostMilliseconds, done.signal).then(
      () => {
        timeIsUp.abort();
        // Lookups that end now still find their words for it.
        return new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
      },
      () => {},
    );
    const verified = verifyMail({
      ...mail,
      resolver: boundResolver(outside.resolver, timeIsUp.signal),
      now: outside.clock.now(),
      timeIsUp: timeIsUp.signal,
    });
    try {
      const results = await Promise.race([verified, deadline]);
      return results ? { ...results, by: "here" } : unknown(mail);
    } catch {
      // The libraries' messages quote the mail.
      return unknown(mail);
    } finally {
      verified.catch(() => {});
      done.abort();
    }
  };
}

export type AuthenticateMail = ReturnType<typeof createAuthenticator>;
