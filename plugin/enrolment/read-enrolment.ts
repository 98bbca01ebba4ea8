import { trimPaste, withoutInvisible } from "./clean-text.ts";
import type { Reading } from "./enrolment-entry.ts";
import { isOtpauthUri, readOtpauthUri } from "./otpauth-uri.ts";
import { readEach, readFields } from "./read-fields.ts";
import { isMigrationUri, readGoogleAuthenticator } from "./read-google-authenticator.ts";
import { readJsonExport } from "./read-json-export.ts";
import { isRefusal, refuse } from "./refusals.ts";

/** UTF-16 units: about 1 MB, and an export of thousands of entries. */
const longestText = 1_000_000;
/** Every key in base32 is much shorter than this, also with spaces. */
const longestSecret = 2000;

/**
 * Reads what a person pastes to enrol an authenticator: one or several `otpauth://` links, one on each line; a bare key;
 * an export link of Google Authenticator; a JSON export of Aegis, 2FAS or Bitwarden. It never throws and takes time
 * linear in the text. A refusal has a reason, and its sentence repeats nothing of the text.
 *
 * @example readEnrolment("jbsw y3dp ehpk 3pxp") // { kind: "entries", source: "secret", entries: [{ … }], refused: [] }
 */
export function readEnrolment(text: string): Reading {
  if (text.length > longestText) return refuse("too_large");
  const paste = trimPaste(text);
  if (paste === "") return refuse("empty");
  // Before invisible marks are removed: passwords inside must not change.
  if (paste.startsWith("{") || paste.startsWith("[")) return readJsonExport(paste);
  const plain = withoutInvisible(paste);
  if (isOtpauthUri(plain) || isMigrationUri(plain)) return readLinks(splitLinks(plain));
  if (/^steam:/i.test(plain)) return refuse("steam_unsupported");
  if (/^[a-z][a-z0-9+.-]{0,40}:\/\//i.test(plain)) return refuse("link_unknown");
  if (plain.length > longestSecret) return refuse("unrecognised");
  return alone("secret", readFields({ type: "totp", issuer: null, account: null, secret: plain }));
}

function readLinks(links: readonly string[]): Reading {
  const [first = ""] = links;
  if (links.length === 1)
    return isMigrationUri(first) ? readGoogleAuthenticator(first) : alone("otpauth", readOtpauthUri(first));
  if (links.some(isMigrationUri)) return refuse("migration_several");
  return readEach("otpauth", links, readOtpauthUri);
}

/**
 * A line that begins like a link begins a link. A mail program may have broken it, so the next lines belong to it too, up
 * to a blank line.
 */
function splitLinks(text: string): string[] {
  const links: string[] = [];
  let isOpen = false;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const start = trimPaste(line);
    if (isOtpauthUri(start) || isMigrationUri(start)) {
      links.push(start);
      isOpen = true;
    } else if (line.trim() === "") isOpen = false;
    else if (isOpen) links.push((links.pop() ?? "") + line.trim());
  }
  return links;
}

const alone = (source: "otpauth" | "secret", entry: ReturnType<typeof readFields>): Reading =>
  isRefusal(entry) ? entry : { kind: "entries", source, entries: [entry], refused: [] };
