import type { ImapFlow } from "imapflow";
import type { Clock } from "../clock.ts";
import { foldAddress } from "./mail-address.ts";
import { type MailHeaders, readHeaders } from "./mail-headers.ts";
import type { KnowsAddress, MailLog, TakeMail } from "./take-mail.ts";

interface ReaderParts {
  readonly takeMail: TakeMail;
  readonly knowsAddress: KnowsAddress;
  /** The recipient of mail that names no address of ours. */
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

/** At the start only this much is read: no code lives longer. */
const lookBack = 15 * 60_000;
/** A mail that cannot be stored is tried again for as long as a code lives. */
const patience = 10 * 60_000;

/** Remembers over connections up to where a mailbox was read. It neither fetches nor marks mail for other people. */
export function createMailboxReader(parts: ReaderParts): MailboxReader {
  const { takeMail, knowsAddress, clock, log } = parts;
  let validity: bigint | undefined;
  let last = 0;
  /** Mail that could not be taken yet, and since when. Other mail does not wait for it. */
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
    // Another client has deleted it by now.
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
        // Noted before: where the connection breaks, taking it throws.
        if (!waiting.has(uid)) waiting.set(uid, clock.now());
        last = Math.max(last, uid);
        if (isGivenUp(uid) || (await takeOne(client, uid, since)) === "done") waiting.delete(uid);
      }
      // Only now: after a failure above, the next call starts from the beginning again.
      if (since) last = Math.max(last, next - 1);
      validity = uidValidity;
      return waiting.size > 0 ? "try-later" : "all";
    },
  };
}

/**
 * The address to which the mailbox's server says that it delivered comes before those that the author wrote: a copy to
 * many, or a forwarded mail, names other people there.
 */
const recipientFields = [["delivered-to"], ["x-original-to", "envelope-to", "x-forwarded-to"], ["to", "cc"]];
const mostAsked = 20;

const addressesIn = (value: string): string[] =>
  (value.match(/[^\s<>,;:"()]{1,64}@[^\s<>,;:"()@]{1,255}/g) ?? []).flatMap(
    (found) => foldAddress(found) ?? [],
  );

/** The addresses of ours that a mail in the mailbox is meant for. */
async function findRecipients(
  { fields }: MailHeaders,
  knowsAddress: KnowsAddress,
  otherwise?: string,
): Promise<string[]> {
  for (const names of recipientFields) {
    const named = fields
      .filter(({ name }) => names.includes(name))
      .flatMap(({ value }) => addressesIn(value));
    const candidates = [...new Set(named)].slice(0, mostAsked);
    const known: string[] = [];
    for (const address of candidates) if (await knowsAddress(address)) known.push(address);
    if (known.length > 0) return known;
  }
  return otherwise ? [otherwise.toLowerCase()] : [];
}
