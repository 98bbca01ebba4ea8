import { foldAddress } from "./mail-address.ts";
import type { KnowsAddress } from "./mail-delivery.ts";
import type { MailHeaders } from "./mail-headers.ts";

/**
 * Where a mailbox's server says a mail was delivered comes before what its author wrote: a copy to many,
 * or a forwarded one, names others there.
 */
const sources = [["delivered-to"], ["x-original-to", "envelope-to", "x-forwarded-to"], ["to", "cc"]];
const mostAsked = 20;

const addressesIn = (value: string): string[] =>
  (value.match(/[^\s<>,;:"()]{1,64}@[^\s<>,;:"()@]{1,255}/g) ?? []).flatMap(
    (found) => foldAddress(found) ?? [],
  );

/** The addresses of ours a mail in a mailbox is meant for; nobody else's is of any interest here. */
export async function findRecipients(
  { fields }: MailHeaders,
  knowsAddress: KnowsAddress,
  otherwise?: string,
): Promise<string[]> {
  for (const names of sources) {
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
