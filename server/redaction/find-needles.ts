import { type Kind, type Reading, type Span, spellings, stripped } from "./readings.ts";

/** One form of a secret, and the kind of reading that it is looked for in. */
export interface Needle {
  readonly kind: Kind;
  readonly text: string;
  /** Spaces and hyphens at the ends of the secret, which the reading is without. */
  readonly before: number;
  readonly after: number;
  /** For each length of its beginning, how much of it is also its end: worked out when it is needed. */
  borders?: Uint32Array;
}

/** Shorter forms are in any text. */
const shortestForm = 4;

export function needlesOf(secret: string): Needle[] {
  const [, number] = /^0+(\d+)$/.exec(secret) ?? [];
  const plain = /^\d+$/.test(secret)
    ? [needle("digits", secret)]
    : spellings(secret).map((text) => spelled(text));
  const bytes = Buffer.from(secret);
  const known = new Set<string>();
  return [
    ...plain,
    ...(number === undefined ? [] : [needle("number", number)]),
    ...(bytes.length < shortestForm ? [] : [needle("letters", bytes.toString("hex")), ...inBase64(bytes)]),
  ].filter(({ kind, text }) => text !== "" && !known.has(`${kind} ${text}`) && known.add(`${kind} ${text}`));
}

const needle = (kind: Kind, text: string): Needle => ({ kind, text, before: 0, after: 0 });

export function spelled(text: string): Needle {
  const letters = stripped(text, "letters");
  if (letters.length < Math.min(shortestForm, text.length)) return needle("whole", stripped(text, "whole"));
  const [before = ""] = /^[\s+-]*/.exec(text) ?? [];
  const after = text.length - text.replace(/[\s+-]+$/, "").length;
  return { kind: "letters", text: letters, before: before.length, after };
}

/** At each of the three places that a byte has in it, only the letters that hold nothing else. */
const inBase64 = (bytes: Buffer): Needle[] =>
  [0, 1, 2].map((place) => {
    const text = Buffer.concat([Buffer.alloc(place), bytes]).toString("base64");
    const [first, last] = [Math.ceil((place * 8) / 6), Math.floor(((place + bytes.length) * 8) / 6)];
    return needle("base64", text.slice(first, last));
  });

/** Fast where it is not found, which is nearly always. */
const anchorLength = 32;

/** Tells of each place; in time that grows with the text and no faster (Knuth, Morris and Pratt). */
export function findNeedles(
  { source, reading: { text, starts, ends } }: { readonly source: string; readonly reading: Reading },
  found: Needle,
  tell: (span: Span) => void,
): void {
  const sought = found.text;
  const first = text.indexOf(sought.slice(0, anchorLength));
  if (first < 0) return;
  found.borders ??= bordersOf(sought);
  let matched = 0;
  let told = 0;
  for (let at = first; at < text.length; at++) {
    matched = step({ sought, borders: found.borders }, matched, text.charCodeAt(at));
    if (matched < sought.length) continue;
    const span = [starts[at - matched + 1] ?? 0, ends[at] ?? 0] as const;
    matched = found.borders[matched] ?? 0;
    // A run of base64 is hidden with the secret, and looked at once.
    const shown = span[1] <= told ? undefined : widened(source, span, found);
    if (!shown) continue;
    tell(shown);
    if (found.kind === "base64") told = shown[1];
  }
}

/** How much of the needle ends with this letter, if so much of it ended before it. */
function step(
  { sought, borders }: { readonly sought: string; readonly borders: Uint32Array },
  matched: number,
  letter: number,
): number {
  let length = matched;
  while (length > 0 && (length === sought.length || sought.charCodeAt(length) !== letter))
    length = borders[length] ?? 0;
  return sought.charCodeAt(length) === letter ? length + 1 : 0;
}

/** Where in the source a needle begins of which the text holds no more than the first lines, at its end. */
export function unfinishedFrom({ text, starts }: Reading, sought: Needle, lines: ReadonlySet<number>) {
  const borders = sought.borders ?? bordersOf(sought.text);
  sought.borders = borders;
  const prefix = { sought: sought.text, borders };
  let matched = 0;
  for (let at = Math.max(0, text.length - sought.text.length); at < text.length; at++)
    matched = step(prefix, matched, text.charCodeAt(at));
  while (matched > 0 && !lines.has(matched)) matched = borders[matched] ?? 0;
  return matched === 0 ? undefined : starts[text.length - matched];
}

function bordersOf(sought: string): Uint32Array {
  const borders = new Uint32Array(sought.length + 1);
  for (let length = 1; length < sought.length; length++)
    borders[length + 1] = step({ sought, borders }, borders[length] ?? 0, sought.charCodeAt(length));
  return borders;
}

/** Of base64, in letters on either side: what is around the secret in it. */
const longestRun = 1024;

/** The place with what belongs to it; undefined where it is something else. */
function widened(source: string, [start, end]: Span, { kind, before, after }: Needle): Span | undefined {
  if (kind === "number")
    return /[\d.]/.test(source.charAt(start - 1)) || /\d/.test(source.charAt(end)) ? undefined : [start, end];
  const ofBase64 = kind === "base64";
  const belongs = ofBase64 ? /[A-Za-z0-9+/_=-]/ : /[\s+-]/;
  let [from, to] = [start, end];
  const [least, most] = ofBase64 ? [start - longestRun, end + longestRun] : [start - before, end + after];
  while (from > least && from > 0 && belongs.test(source.charAt(from - 1))) from -= 1;
  while (to < most && to < source.length && belongs.test(source.charAt(to))) to += 1;
  return ofBase64 && to - from < 8 ? undefined : [from, to];
}
