import PostalMime, { type Address, type Email } from "postal-mime";
import type { MailDelivery } from "./mail-delivery.ts";
import { type MailHeaders, readHeaders, repeatedFields } from "./mail-headers.ts";

/**
 * A mail as it is displayed: who, to whom, subject, text and HTML, both where there are both. Attachments
 * are never kept. Whatever the bytes are, it answers: with what is readable, or that nothing is.
 */
export type MailContent = Pick<
  MailDelivery,
  "from" | "to" | "cc" | "subject" | "text" | "html" | "messageId" | "references"
>;

export type ParsedMail =
  | { readonly state: "read"; readonly headers: MailHeaders; readonly content: MailContent }
  | { readonly state: "unreadable"; readonly why: "headers" | "authors" | "structure" };

/** Texts come before attachments, so the beginning is enough; the rest would only be decoded to be dropped. */
const mostBytes = 4 * 1024 * 1024;
/** As much HTML as is examined for a code. */
const mostCharacters = 1_000_000;
/** Every part begins with such a line; so do signatures ("-- ") and rules ("-----"). */
const mostDashedLines = 5_000;
const mostDepth = 32;
const mostAddresses = 100;
const mostReferences = 50;

/** The beginning of the mail: as many bytes and as many parts as are looked at. */
function beginning(raw: Uint8Array, bodyStart: number): Uint8Array {
  const head = raw.subarray(0, bodyStart + mostBytes);
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  let at = bodyStart;
  for (let lines = 0; lines < mostDashedLines; lines += 1) {
    at = bytes.indexOf("\n--", at);
    if (at < 0) return head;
    at += 3;
  }
  return head.subarray(0, at - 2);
}

/** What a database column takes: no U+0000, no half of a character. */
const storable = (text: string, most: number): string =>
  text.slice(0, most).toWellFormed().replaceAll("\0", "");

const oneLine = (text: string, most: number): string =>
  storable(text, most)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();

/** The name cannot pass for an address: whoever reads the address takes what is in the angle brackets. */
function written({ name, address = "" }: Address): string {
  const shownName = oneLine(name, 200).replace(/[<>"]/g, "");
  const shownAddress = oneLine(address, 320).replace(/[<>\s]/g, "");
  if (!shownAddress) return shownName;
  return shownName ? `${shownName} <${shownAddress}>` : shownAddress;
}

/** "Team: a@…, b@…;" names a group and its members. */
const members = (addresses: readonly Address[] | undefined): string[] =>
  (addresses ?? [])
    .slice(0, mostAddresses)
    .flatMap((address) => address.group ?? [address])
    .slice(0, mostAddresses)
    .map(written)
    .filter((address) => address !== "");

const identifiers = (field: string | undefined): string[] =>
  (field ?? "").slice(0, 20_000).match(/<[^<>\s]{1,500}>/g) ?? [];

const present = (text: string | undefined, most: number): string | undefined =>
  text?.trim() ? storable(text, most) : undefined;

function contentOf(email: Email): MailContent {
  const [messageId] = identifiers(email.messageId);
  const references = [...new Set([...identifiers(email.inReplyTo), ...identifiers(email.references)])];
  const [author] = members(email.from ? [email.from] : []);
  return {
    from: author ?? "",
    to: members(email.to),
    cc: members(email.cc),
    subject: email.subject === undefined ? undefined : oneLine(email.subject, 2_000),
    text: present(email.text, mostCharacters),
    html: present(email.html, mostCharacters),
    messageId: messageId ? oneLine(messageId, 1_000) : undefined,
    references: references.slice(0, mostReferences).map((id) => oneLine(id, 1_000)),
  };
}

export async function parseMail(raw: Uint8Array): Promise<ParsedMail> {
  const headers = readHeaders(raw);
  if (!headers) return { state: "unreadable", why: "headers" };
  // Which of two authors a reader is shown is up to the program: the oldest trick to pass for somebody else.
  if (repeatedFields(headers).includes("from")) return { state: "unreadable", why: "authors" };
  try {
    const email = await PostalMime.parse(beginning(raw, headers.bodyStart), {
      maxNestingDepth: mostDepth,
      maxRfc822NestingDepth: 3,
    });
    return { state: "read", headers, content: contentOf(email) };
  } catch {
    // Its message quotes the mail, and there is nothing to mend here.
    return { state: "unreadable", why: "structure" };
  }
}
