import type { Delivery, DeliveryResult } from "../inbox/delivery.ts";
import { type AuthenticationParts, authenticateMail } from "./authenticate-mail.ts";
import type { MailParser } from "./parse-mail.ts";
import type { Client } from "./verify-mail.ts";

/** The two functions of the inbox that this room gets. */
export type KnowsAddress = (address: string) => Promise<boolean>;
export type Deliver = (mail: Delivery) => Promise<DeliveryResult>;

/** Facts only: sizes, ids, counts, states. Never a subject, an address or a body. */
export interface MailLog {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
}

export interface TakeMailParts extends AuthenticationParts {
  readonly parser: MailParser;
  readonly deliver: Deliver;
  readonly log: MailLog;
}

/** A mail as it came in by any transport, with those of its addresses that are ours. */
export interface IncomingMail {
  readonly raw: Uint8Array;
  readonly addresses: readonly string[];
  readonly trustedIds: readonly string[];
  readonly client?: Client;
  /** From a mailbox: there is no sender to refuse it to. */
  readonly fetched?: boolean;
}

/** The outcome for one message, over all its recipients. */
export type Outcome = "taken" | "try-later" | "refused" | "unknown-address";

interface Handover {
  readonly outcome: Outcome;
  /** One for each recipient, for the log. */
  readonly states: readonly string[];
}

export type Taken = Handover | { readonly outcome: "unreadable"; readonly why: string };

export type TakeMail = (mail: IncomingMail) => Promise<Taken>;

/** The way of every mail, by any transport: read, authenticate, hand over. */
export async function takeMail(
  parts: TakeMailParts,
  { raw, addresses, trustedIds, client, fetched }: IncomingMail,
): Promise<Taken> {
  const parsed = await parts.parser.parse(raw);
  // The sender may try again: it need not be the mail's fault.
  if (parsed.state === "too-slow") return { outcome: "try-later", states: [parsed.state] };
  if (parsed.state === "unreadable") return { outcome: "unreadable", why: parsed.why };
  const { headers, content, author } = parsed;
  if (!author && !fetched) return { outcome: "unreadable", why: "authors" };
  const found = await authenticateMail(parts, { raw, headers, trustedIds, client });
  // Without one author, a result of DMARC is about one author of several.
  const authentication = author ? found : { ...found, dmarc: "permerror" };
  return deliverToEach(addresses, { ...content, channel: "email", authentication }, parts);
}

/**
 * Delivers one message to each of its addresses. Where one of them failed for now, the sender is asked to send again:
 * the inbox knows a repeated message and stores it once.
 */
async function deliverToEach(
  addresses: readonly string[],
  mail: Omit<Delivery, "address">,
  { deliver, log }: { deliver: Deliver; log: MailLog },
): Promise<Handover> {
  const states: string[] = [];
  for (const address of addresses) {
    try {
      states.push((await deliver({ ...mail, address })).state);
    } catch (err) {
      log.warn({ err }, "a mail could not be stored for now");
      states.push("failed");
    }
  }
  const has = (...wanted: string[]) => states.some((state) => wanted.includes(state));
  if (has("failed")) return { outcome: "try-later", states };
  if (has("stored", "known")) return { outcome: "taken", states };
  return { outcome: has("refused") ? "refused" : "unknown-address", states };
}
