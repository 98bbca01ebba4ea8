import { domainToASCII } from "node:url";
import type { MailHeaders } from "./mail-headers.ts";

/** RFC 5321 section 4.5.3.1: 64 octets before the @, 255 after it. */
const wellFormed = /^[^\s@<>"\\\p{Cc}]{1,64}@[a-z0-9.-]{1,255}$/u;

/**
 * A recipient's address as it is compared: in lower case, or undefined where it has no form that we hand out. A tag
 * stays ("anna+shop@…"): a wait may be for mail to this tag alone.
 */
export function foldAddress(address: string): string | undefined {
  const folded = address.trim().normalize("NFC").toLowerCase();
  return wellFormed.test(folded) ? folded : undefined;
}

export const hostOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);

const mostCharacters = 8_000;
const hostShape = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const addressShape = /^([^\s@<>"\\,;:()[\]\p{Cc}]{1,64})@([^\s@<>"\\,;:()[\]\p{Cc}]{1,255})$/u;

/** An author's address in the one form that is compared, its host in ASCII; undefined where it is no address. */
export function plainAddress(address: string): string | undefined {
  const [, name, written = ""] = addressShape.exec(address.trim()) ?? [];
  const host = domainToASCII(written).toLowerCase();
  const isHost = hostShape.test(host) && (host.includes(".") || host === "localhost");
  return name !== undefined && isHost ? `${name}@${host}` : undefined;
}

/** Without comments, which may nest, and with `"` for all text in quotes; undefined where one has no end. */
function unquoted(value: string): string | undefined {
  let text = "";
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < value.length; index += 1) {
    const sign = value[index] ?? "";
    if (sign === "\\") {
      if (depth === 0 && !quoted) return undefined;
      index += 1;
    } else if (sign === '"' && depth === 0) {
      if (quoted) text += sign;
      quoted = !quoted;
    } else if (quoted) continue;
    else if (sign === "(") depth += 1;
    else if (sign === ")") {
      if (depth === 0) return undefined;
      depth -= 1;
      text += " ";
    } else if (depth === 0) text += sign;
  }
  return depth > 0 || quoted ? undefined : text.trim();
}

/**
 * The one address of the From field, read more strictly than by programs that guess. Where two programs could find
 * different authors in it (a list, a group, a name that is an address, an address in an encoded word), there is
 * none. DMARC is asked about this address, and this address is handed on.
 */
export function soleAuthor({ fields }: MailHeaders): string | undefined {
  const [field, ...more] = fields.filter(({ name }) => name === "from");
  if (!field || more.length > 0 || field.value.length > mostCharacters) return undefined;
  const text = unquoted(Buffer.from(field.value, "latin1").toString("utf8"));
  if (text === undefined || /[:;]/.test(text)) return undefined;
  const [, name = "", bracketed = text] = /^([^<>]*)<([^<>]*)>$/.exec(text) ?? [];
  const address = plainAddress(bracketed);
  if (!address || !name.includes("@")) return address;
  // Some programs write the address twice, once as the name.
  const repeated = plainAddress(name.replace(/['"]/g, ""));
  return repeated?.toLowerCase() === address.toLowerCase() ? address : undefined;
}
