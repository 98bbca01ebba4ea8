import { mask } from "./mask.ts";
import { normalise } from "./normalise.ts";

/** What people put between the characters of a code, in what `normalise` leaves of it. */
const gap = String.raw`[\s\p{Pd}.\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65]`;
const gaps = new RegExp(gap, "gu");

/** Four digits or more, with up to two signs that are no letters between them: whatever it is, it may be a code. */
const digits = /\p{Nd}(?: ?[^\p{L}\p{Nd} ]{0,2} ?\p{Nd}){3,}/gu;

/** Groups like "K7Q 2MX". */
const group = String.raw`(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{3,}`;
const groups = new RegExp(String.raw`(?<![\p{L}\p{N}])${group}(?:[ .-]${group})+(?![\p{L}\p{N}])`, "gu");

/** Letters and digits in one word, as codes have them. */
const mixed = /(?<![\p{L}\p{Nd}])(?=\p{L}*\p{Nd})(?=\p{Nd}*\p{L})[\p{L}\p{Nd}]{5,}/gu;

/** The signs with a meaning in an expression. Escaping any other sign is an error in an expression with `u`. */
const syntax = /[\^$*+?()[\]{}|/]|\\/;

const isLink = (code: string): boolean => /^https?:/i.test(code);

/** Superscript, subscript and circled digits are read as digits too. */
const plain = (text: string): string =>
  normalise(text)
    .replace(/\p{No}/gu, (sign) => {
      const digit = sign.normalize("NFKC");
      return /^\d+$/.test(digit) ? digit : sign;
    })
    // Also keeps the expressions above from trying the spaces of a run one by one.
    .replace(/\s+/g, " ");

const hideFound = (text: string, codes: readonly string[]): string =>
  codes.reduce((shown, code) => {
    // Without its own gaps: two in a row could be told apart in ever more ways.
    const characters = [...plain(code).replace(gaps, "")];
    if (characters.length === 0) return shown;
    const spaced = characters.map((each) => each.replace(syntax, "\\$&")).join(`${gap}*`);
    return shown.replaceAll(new RegExp(spaced, "giu"), mask);
  }, text);

const hideIn = (text: string, codes: readonly string[]): string => {
  const hidden = hideFound(text, codes).replaceAll(digits, mask).replaceAll(groups, mask);
  return codes.some((code) => !isLink(code)) ? hidden.replaceAll(mixed, mask) : hidden;
};

/** A subject as lists show it: without the codes that were found in the message, and without what may be one. */
export const hideInSubject = (subject: string, codes: readonly string[]): string =>
  hideIn(plain(subject), codes);

/** The same of a text that may end in an address, "Name <a@b.example>": of that, only codes that were found are hidden. */
export function hideCodes(text: string, codes: readonly string[]): string {
  const shown = plain(text).trim();
  const at = isAddress(shown) ? 0 : shown.endsWith(">") ? shown.lastIndexOf("<") : -1;
  if (at < 0 || (at > 0 && !isAddress(shown.slice(at + 1, -1)))) return hideIn(shown, codes);
  return hideIn(shown.slice(0, at), codes) + hideFound(shown.slice(at), codes);
}

/** Of mail, or a number with its country. */
const isAddress = (text: string): boolean =>
  /^[^<>\s@"]+@[^<>\s@"]+$/.test(text) || /^\+\d[\d ()-]{5,}$/.test(text);
