import type { ImapFlow } from "imapflow";
import type { Clock } from "../clock.ts";
import { findRecipients } from "./find-recipients.ts";
import type { KnowsAddress, MailLog } from "./mail-delivery.ts";
import { readHeaders } from "./mail-headers.ts";
import type { TakeMail } from "./take-mail.ts";

interface ReaderParts {
  readonly takeMail: TakeMail;
  readonly knowsAddress: KnowsAddress;
  /** Whom mail is for that names none of ours. */
  readonly address?: string;
  readonly trustedIds: readonly string[];
  readonly size: number;
  /** A folder for mail that was taken; without one it is marked as read. */
  readonly moveTo?: string;
  readonly clock: Clock;
  readonly log: MailLog;
}

export interface MailboxReader {
  /** Takes what has come since the last time, and says whether some of it should be tried again later. */
  takeNew(client: ImapFlow, uidValidity: bigint, stopping: AbortSignal): Promise<"all" | "try-later">;
}

/** At the start: no code lives longer, and nobody wants the mail of years read. */
const lookBack = 15 * 60_000;
/** A mail that cannot be stored is tried again for as long as a code lives. */
const patience = 10 * 60_000;

/** Remembers, over connections, up to where a mailbox was read. Mail for others it neither fetches nor marks. */
export function createMailboxReader(parts: ReaderParts): MailboxReader {
  const { takeMail, knowsAddress, clock, log } = parts;
  let validity: bigint | undefined;
  let last = 0;
  /** Mail that could not be taken yet, and since when. It holds up no other. */
  const waiting = new Map<number, Date>();

  /** Those to look at now. The last UID comes back for `n:*` even when it is below n (RFC 9051 section 6.4.8). */
  async function findNew(client: ImapFlow, since: Date | undefined): Promise<number[]> {
    const query = since ? { seen: false, since } : { uid: `${last + 1}:*` };
    const found = (await client.search(query, { uid: true })) || [];
    return found.filter((uid) => uid > last).sort((a, b) => a - b);
  }

  async function takeOne(
    client: ImapFlow,
    uid: number,
    since: Date | undefined,
  ): Promise<"done" | "try-later"> {
    const what = { uid: true, size: true, internalDate: true, headers: true } as const;
    const found = (await client.fetchOne(String(uid), what, { uid: true })) || undefined;
    const { headers: head, size = 0, internalDate } = found ?? {};
    // SEARCH knows days, not hours.
    if (since && internalDate && new Date(internalDate) < since) return "done";
    const headers = head && readHeaders(head);
    const addresses = headers ? await findRecipients(headers, knowsAddress, parts.address) : [];
    if (addresses.length === 0) return "done";
    if (size > parts.size) {
      log.info({ uid, bytes: size }, "a mail in the mailbox is too large");
      return "done";
    }
    const message = (await client.fetchOne(String(uid), { source: true }, { uid: true })) || undefined;
    // Somebody was quicker and deleted it.
    if (!message?.source) return "done";
    const taken = await takeMail({
      raw: message.source,
      addresses,
      trustedIds: parts.trustedIds,
      fetched: true,
    });
    log.info({ uid, bytes: message.source.length, ...taken }, "a mail was found in the mailbox");
    if (taken.outcome === "try-later") return "try-later";
    if (taken.outcome !== "taken") return "done";
    if (parts.moveTo) await client.messageMove(String(uid), parts.moveTo, { uid: true });
    else await client.messageFlagsAdd(String(uid), ["\\Seen"], { uid: true });
    return "done";
  }

  function isGivenUp(uid: number): boolean {
    const givenUp = clock.now().getTime() - (waiting.get(uid)?.getTime() ?? 0) > patience;
    if (givenUp) log.warn({ uid }, "a mail in the mailbox is given up");
    return givenUp;
  }

  return {
    takeNew: async (client, uidValidity, stopping) => {
      let since: Date | undefined;
      if (validity !== uidValidity) {
        since = new Date(clock.now().getTime() - lookBack);
        last = 0;
        waiting.clear();
      }
      const mailbox = client.mailbox;
      const next = mailbox ? mailbox.uidNext : 1;
      for (const uid of new Set([...waiting.keys(), ...(await findNew(client, since))])) {
        if (stopping.aborted) return "all";
        // Noted beforehand: taking it may also end by throwing, when the connection breaks.
        if (!waiting.has(uid)) waiting.set(uid, clock.now());
        last = Math.max(last, uid);
        if (isGivenUp(uid) || (await takeOne(client, uid, since)) === "done") waiting.delete(uid);
      }
      // Only now: had it failed before, the beginning would have been left out the next time.
      if (since) last = Math.max(last, next - 1);
      validity = uidValidity;
      return waiting.size > 0 ? "try-later" : "all";
    },
  };
}
