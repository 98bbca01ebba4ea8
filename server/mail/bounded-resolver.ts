import type { DNSResolver } from "mailauth";

export type Resolver = DNSResolver;

/** SPF alone may take 10, each with a few behind it (RFC 7208 section 4.6.4). */
const mostLookups = 60;

const late = (): Error => Object.assign(new Error("The lookup took too long."), { code: "ETIMEOUT" });

/**
 * A resolver for one message: every lookup ends when the message's time is up, and their number is
 * limited, since it is the message that says what to look up.
 */
export function boundResolver(resolver: Resolver, timeIsUp: AbortSignal): Resolver {
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
