import type { FetchMessageObject, ImapFlow } from "imapflow";
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
  /** Takes what has come since the last time. Throws when the rest should be tried again later. */
  takeNew(client: ImapFlow, uidValidity: bigint, stopping: AbortSignal): Promise<void>;
}

/** At the start: no code lives longer, and nobody wants the mail of years read. */
const lookBack = 15 * 60_000;
const mostTries = 5;

/** Remembers, over connections, up to where a mailbox was read. Mail for others it neither fetches nor marks. */
export function createMailboxReader(parts: ReaderParts): MailboxReader {
  const { takeMail, knowsAddress, clock, log } = parts;
  let validity: bigint | undefined;
  let last = 0;
  let tries = { uid: 0, count: 0 };

  /** Those to look at now. The last UID comes back for `n:*` even when it is below n (RFC 9051 section 6.4.8). */
  async function findNew(client: ImapFlow, since: Date | undefined): Promise<number[]> {
    const query = since ? { seen: false, since } : { uid: `${last + 1}:*` };
    const found = (await client.search(query, { uid: true })) || [];
    return found.filter((uid) => uid > last).sort((a, b) => a - b);
  }

  async function takeOne(
    client: ImapFlow,
    { uid, size = 0, headers: head }: FetchMessageObject,
  ): Promise<void> {
    const headers = head && readHeaders(head);
    const addresses = headers ? await findRecipients(headers, knowsAddress, parts.address) : [];
    if (addresses.length === 0) return;
    if (size > parts.size) return log.info({ uid, bytes: size }, "a mail in the mailbox is too large");
    const message = (await client.fetchOne(String(uid), { source: true }, { uid: true })) || undefined;
    // Somebody was quicker and deleted it.
    if (!message?.source) return;
    const taken = await takeMail({ raw: message.source, addresses, trustedIds: parts.trustedIds });
    log.info({ uid, bytes: message.source.length, ...taken }, "a mail was found in the mailbox");
    if (taken.outcome === "try-later") throw new Error("A mail could not be stored.");
    if (taken.outcome !== "taken") return;
    if (parts.moveTo) await client.messageMove(String(uid), parts.moveTo, { uid: true });
    else await client.messageFlagsAdd(String(uid), ["\\Seen"], { uid: true });
  }

  /** A mail that cannot be stored is tried again, but does not hold up all others for ever. */
  async function tryOne(client: ImapFlow, message: FetchMessageObject): Promise<void> {
    const { uid } = message;
    if (tries.uid === uid && tries.count >= mostTries) return;
    try {
      await takeOne(client, message);
    } catch (error) {
      tries = { uid, count: tries.uid === uid ? tries.count + 1 : 1 };
      throw error;
    }
  }

  return {
    takeNew: async (client, uidValidity, stopping) => {
      let since: Date | undefined;
      if (validity !== uidValidity) {
        since = new Date(clock.now().getTime() - lookBack);
        last = 0;
      }
      const mailbox = client.mailbox;
      const next = mailbox ? mailbox.uidNext : 1;
      for (const uid of await findNew(client, since)) {
        if (stopping.aborted) return;
        const what = { uid: true, size: true, internalDate: true, headers: true } as const;
        const message = (await client.fetchOne(String(uid), what, { uid: true })) || undefined;
        // SEARCH knows days, not hours.
        const received = message?.internalDate;
        const isOld = since && received && new Date(received) < since;
        if (message && !isOld) await tryOne(client, message);
        last = uid;
      }
      // Only now: had it failed before, the beginning would have been left out the next time.
      if (since) last = Math.max(last, next - 1);
      validity = uidValidity;
    },
  };
}
