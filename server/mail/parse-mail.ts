import type { Clock } from "../clock.ts";
import { createContentReader } from "./content-reader.ts";
import { type MailHeaders, readHeaders, repeatedFields } from "./mail-headers.ts";
import type { MailContent } from "./read-content.ts";
import { soleAuthor } from "./sole-author.ts";

/** Whatever the bytes are, there is an answer: what is readable, that nothing is, or that it took too long. */
export type ParsedMail =
  | {
      readonly state: "read";
      readonly headers: MailHeaders;
      readonly content: MailContent;
      /** The one address it is from; left out where that is none or several, or depends on who reads it. */
      readonly author: string | undefined;
    }
  | { readonly state: "unreadable"; readonly why: "headers" | "authors" | "structure" }
  | { readonly state: "too-slow" };

/** Texts come before attachments, so the beginning is enough; the rest would only be decoded to be dropped. */
const mostBytes = 4 * 1024 * 1024;
/** Every part begins with such a line; so do signatures ("-- ") and rules ("-----"). */
const mostDashedLines = 5_000;

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

export interface MailParser {
  parse(raw: Uint8Array): Promise<ParsedMail>;
  stop(): Promise<void>;
}

export function createMailParser(clock: Clock): MailParser {
  const reader = createContentReader(clock);
  return {
    parse: async (raw) => {
      const headers = readHeaders(raw);
      if (!headers) return { state: "unreadable", why: "headers" };
      // Which of two authors a reader is shown is up to the program: the oldest trick to pass for somebody else.
      if (repeatedFields(headers).includes("from")) return { state: "unreadable", why: "authors" };
      const read = await reader.read(beginning(raw, headers.bodyStart));
      if (read === "too-slow") return { state: "too-slow" };
      if (read === "unreadable") return { state: "unreadable", why: "structure" };
      const { author: shown, ...content } = read;
      const author = soleAuthor(headers);
      if (!author || shown?.address !== author)
        return { state: "read", headers, author: undefined, content: { ...content, from: "" } };
      const from = shown.name ? `${shown.name} <${author}>` : author;
      return { state: "read", headers, author, content: { ...content, from } };
    },
    stop: reader.stop,
  };
}
