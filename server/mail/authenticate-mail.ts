import type { Clock } from "../clock.ts";
import type { MessageAuthentication } from "../inbox/delivery.ts";
import { statedResults } from "./authentication-results.ts";
import type { MailHeaders } from "./mail-headers.ts";
import { type Client, type Resolver, verifyMail } from "./verify-mail.ts";

export interface AuthenticationParts {
  readonly resolver: Resolver;
  readonly clock: Clock;
}

export interface ReceivedMail {
  readonly raw: Uint8Array;
  readonly headers: MailHeaders;
  /** The names of servers whose Authentication-Results are believed; empty for mail from a server that we do not know. */
  readonly trustedIds: readonly string[];
  /** Left out where the one who connects is not the sender: a trusted hop, a mailbox. */
  readonly client?: Client;
}

/** The sender waits during this time. A result that is not known at its end is "temperror". */
const mostMilliseconds = 3_000;

/** How far a message is what it says: in the words of a server that we trust, or else as we find it ourselves. */
export async function authenticateMail(
  { resolver, clock }: AuthenticationParts,
  { trustedIds, ...mail }: ReceivedMail,
): Promise<MessageAuthentication> {
  const stated = trustedIds.length > 0 ? statedResults(mail.headers, trustedIds) : undefined;
  if (stated) return { ...stated, by: "trusted-hop" };
  const done = new AbortController();
  const timeIsUp = new AbortController();
  const deadline = clock.sleep(mostMilliseconds, done.signal).then(
    () => {
      timeIsUp.abort();
      // Lookups that end now are still counted.
      return new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    },
    () => {},
  );
  const verified = verifyMail({
    ...mail,
    resolver: boundResolver(resolver, timeIsUp.signal),
    now: clock.now(),
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
}

const unknown = ({ client }: Pick<ReceivedMail, "client">): MessageAuthentication => ({
  spf: client ? "temperror" : null,
  dkim: "temperror",
  dmarc: "temperror",
  by: "here",
});

/** SPF alone may take 10, each with a few behind it (RFC 7208 section 4.6.4). */
const mostLookups = 60;

const late = (): Error => Object.assign(new Error("The lookup took too long."), { code: "ETIMEOUT" });

/**
 * A resolver for one message: every lookup ends when the message's time is up, and their number is limited, because
 * the message itself says what to look up.
 */
function boundResolver(resolver: Resolver, timeIsUp: AbortSignal): Resolver {
  let lookups = 0;
  return (domain, type) => {
    lookups += 1;
    if (timeIsUp.aborted || lookups > mostLookups) return Promise.reject(late());
    return new Promise((resolve, reject) => {
      const give = () => reject(late());
      timeIsUp.addEventListener("abort", give, { once: true });
      resolver(domain, type)
        .then(resolve, reject)
        .finally(() => timeIsUp.removeEventListener("abort", give));
    });
  };
}
