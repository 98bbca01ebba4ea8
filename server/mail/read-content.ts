import PostalMime, { type Address, addressParser, type Email } from "postal-mime";
import { toPlainText } from "../../plugin/plain-text.ts";
import type { Delivery } from "../inbox/delivery.ts";
import { plainAddress } from "./mail-address.ts";

/** A mail as it is displayed: who, to whom, subject, text and HTML, both where there are both. */
export type MailContent = Pick<
  Delivery,
  "from" | "to" | "cc" | "subject" | "text" | "html" | "messageId" | "references"
>;

/** Not yet compared with the author that the header section names. */
export interface ReadContent extends Omit<MailContent, "from"> {
  readonly author?: { readonly name: string; readonly address: string };
}

/** As much HTML as is examined for a code. */
const mostCharacters = 1_000_000;
const mostDepth = 32;
const mostAddresses = 100;
const mostReferences = 50;

const storable = (text: string, most: number): string => toPlainText(text.slice(0, most), "");

const oneLine = (text: string, most: number): string =>
  storable(text, most)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();

/** The name cannot be mistaken for an address: the address is the part in the angle brackets. */
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

/** The name of an author says nothing that could be taken for an address. */
const authorName = (name: string): string => oneLine(name.slice(0, 2_000).replace(/[<>"@]/g, ""), 200);

/** The only one who is named with an address, no group around it. */
function authorOf(email: Email): ReadContent["author"] {
  const fields = email.headers.filter(({ key }) => key === "from");
  const authors = fields
    .flatMap(({ value }) => addressParser(value.slice(0, 8_000)))
    .filter(({ group, address }) => group || address);
  const [{ name, address = "" } = { name: "" }] = authors;
  const plain = authors.length === 1 ? plainAddress(address) : undefined;
  return plain ? { name: authorName(name), address: plain } : undefined;
}

const identifiers = (field: string | undefined): string[] =>
  (field ?? "").slice(0, 20_000).match(/<[^<>\s]{1,500}>/g) ?? [];

const present = (text: string | undefined, most: number): string | undefined =>
  text?.trim() ? storable(text, most) : undefined;

function contentOf(email: Email): ReadContent {
  const [messageId] = identifiers(email.messageId);
  const references = [...new Set([...identifiers(email.inReplyTo), ...identifiers(email.references)])];
  return {
    author: authorOf(email),
    to: members(email.to),
    cc: members(email.cc),
    subject: email.subject === undefined ? undefined : oneLine(email.subject, 2_000),
    text: present(email.text, mostCharacters),
    html: present(email.html, mostCharacters),
    messageId: messageId ? oneLine(messageId, 1_000) : undefined,
    references: references.slice(0, mostReferences).map((id) => oneLine(id, 1_000)),
  };
}

/** Throws where the structure is beyond reading. Attachments are dropped. */
export async function readContent(bytes: Uint8Array): Promise<ReadContent> {
  return contentOf(await PostalMime.parse(bytes, { maxNestingDepth: mostDepth, maxRfc822NestingDepth: 3 }));
}
