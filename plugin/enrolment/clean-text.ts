/** Zero-width and direction marks that come with text copied from a page. Joiners stay, because names need them. */
const invisible = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const atTheEdge = /[\s"'`“”‘’«»<>,;\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;
/** C0 and C1 controls, and the separators of lines and paragraphs. */
const controls = /[\p{Cc}\u2028\u2029]/gu;
const visible = /[^\s\u200c\u200d]/;

/**
 * A pasted text without what surrounds it: blanks, line breaks, quotes, commas, invisible marks. Scans from
 * both ends, because a pattern anchored at the end takes quadratic time on hostile text.
 */
export function trimPaste(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && atTheEdge.test(text.charAt(start))) start++;
  while (end > start && atTheEdge.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The text without invisible marks at any position. Not for passwords. */
export const withoutInvisible = (text: string): string => text.replace(invisible, "");

/**
 * A name that can be stored and shown on one line: well-formed, no controls, no direction marks (they can
 * make one name look like another), single blanks. Null when nothing visible is left.
 *
 * @example cleanName("  ACME \n Co ") // "ACME Co"
 */
export function cleanName(text: string): string | null {
  const name = withoutInvisible(text.toWellFormed().replace(controls, " ")).replace(/\s+/g, " ").trim();
  return visible.test(name) ? name : null;
}

/** The longest name, in UTF-16 units: enough for the longest address (RFC 5321 section 4.5.3) in practice. */
export const longestName = 200;

/** A name no longer than that, not cut through a character. */
export function shortenName(name: string): string {
  if (name.length <= longestName) return name;
  const cut = name.slice(0, longestName);
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)).trimEnd();
}
