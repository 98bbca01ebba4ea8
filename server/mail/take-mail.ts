import type { AuthenticateMail } from "./authenticate-mail.ts";
import { type Deliver, deliverToEach, type Handover, type MailLog } from "./mail-delivery.ts";
import type { MailParser } from "./parse-mail.ts";
import type { Client } from "./verify-mail.ts";

/** A mail as it came in by any transport, with those of its addresses that are ours. */
export interface IncomingMail {
  readonly raw: Uint8Array;
  readonly addresses: readonly string[];
  readonly trustedIds: readonly string[];
  readonly client?: Client;
  /** From a mailbox, where nobody is left to be told that it is not taken. */
  readonly fetched?: boolean;
}

export type Taken = Handover | { readonly outcome: "unreadable"; readonly why: string };

/** The way of every mail, whichever transport brought it: read, authenticate, hand over. */
export function createTakeMail(parts: {
  readonly parser: MailParser;
  readonly authenticate: AuthenticateMail;
  readonly deliver: Deliver;
  readonly log: MailLog;
}) {
  return async ({ raw, addresses, trustedIds, client, fetched }: IncomingMail): Promise<Taken> => {
    const parsed = await parts.parser.parse(raw);
    // The sender may try again: it need not be the mail's fault.
    if (parsed.state === "too-slow") return { outcome: "try-later", states: [parsed.state] };
    if (parsed.state === "unreadable") return { outcome: "unreadable", why: parsed.why };
    const { headers, content, author } = parsed;
    if (!author && !fetched) return { outcome: "unreadable", why: "authors" };
    const found = await parts.authenticate({ raw, headers, trustedIds, client });
    // Whoever found otherwise asked about one author of several.
    const authentication = author ? found : { ...found, dmarc: "permerror" };
    return deliverToEach(addresses, { ...content, channel: "email", authentication }, parts);
  };
}

export type TakeMail = ReturnType<typeof createTakeMail>;
