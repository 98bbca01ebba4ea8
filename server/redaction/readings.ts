/**
 * How a text may be read when secrets are looked for in it: as it is, and with its escapes undone, up to four times;
 * each without what may stand between the letters of a secret. Each letter knows where in the text it comes from.
 */
export interface Reading {
  readonly kind: Kind;
  readonly text: string;
  /** Where each letter begins and ends in the first text. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * "letters" is without spaces and hyphens, "digits" without all that is neither letter nor digit, "base64" without
 * spaces in one alphabet, "whole" with everything, "number" is the first text only.
 */
export type Kind = "letters" | "digits" | "base64" | "whole" | "number";

/** From where to where in a text. */
export type Span = readonly [start: number, end: number];

type Placed = Omit<Reading, "kind">;

/** JSON in JSON in a form is three. */
const mostLevels = 4;

export function* readings(text: string, kinds: ReadonlySet<Kind>): Generator<Reading> {
  let level: Placed | undefined = identity(text);
  if (kinds.has("number")) yield { kind: "number", ...level };
  for (let depth = 0; level !== undefined && depth <= mostLevels; depth++) {
    for (const kind of kinds) if (kind !== "number") yield { kind, ...strippedFor[kind](level) };
    level = unescaped(level);
  }
}

/** A secret with its own escapes undone, for a text in which they are undone too. */
export function spellings(secret: string): string[] {
  const all = [secret];
  for (let level = unescaped(identity(secret)); level && all.length <= mostLevels; level = unescaped(level))
    all.push(level.text);
  return all;
}

export const stripped = (text: string, kind: Exclude<Kind, "number">): string =>
  strippedFor[kind](identity(text)).text;

/** NUL is every second byte of UTF-16. A value of several lines is sent in an event with "data:" before each. */
const betweenLetters = /[\s+\0-]+(?:(?<=\n[\t ]{0,4})data:[\s+\0-]*)?/g;

/** Without what may stand between the letters of a secret. */
const strippedFor = {
  letters: (from: Placed) => without(folded(from), betweenLetters),
  // A form has a plus for a space, and in a code no sign counts; many of them in a row separate two numbers.
  digits: (from: Placed) => without(folded(from), /[^\p{L}\p{N}]+/gu, 6),
  base64: (from: Placed) => {
    const dense = without(from, /[\s\0]+/g);
    return { ...dense, text: dense.text.replaceAll("-", "+").replaceAll("_", "/") };
  },
  whole: (from: Placed) => folded(from),
};

function identity(text: string): Placed {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  for (let at = 0; at < text.length; at++) {
    starts[at] = at;
    ends[at] = at + 1;
  }
  return { text, starts, ends };
}

/** In small letters, each as long as it was. */
function folded(from: Placed): Placed {
  const small = from.text.toLowerCase();
  if (small.length === from.text.length) return { ...from, text: small };
  const each = [...from.text].map((letter) => {
    const one = letter.toLowerCase();
    return one.length === letter.length ? one : letter;
  });
  return { ...from, text: each.join("") };
}

function without(from: Placed, what: RegExp, most = Number.POSITIVE_INFINITY): Placed {
  const out = new Writer(from);
  for (const { index, 0: found } of from.text.matchAll(what)) {
    out.copy(index);
    if (found.length > most) out.put("\n", found.length);
    else out.skip(found.length);
  }
  return out.done();
}

/** Of URLs, JSON and HTML. */
const escapes =
  /(?:%[0-9a-f]{2})+|\\u[0-9a-f]{4}|\\["\\/bfnrt]|&#(?:\d|x[0-9a-f])[0-9a-f]{0,9};|&(?:amp|lt|gt|quot|apos);/gi;
const short: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** With the escapes undone once; undefined where there is none. */
function unescaped(from: Placed): Placed | undefined {
  const out = new Writer(from);
  let found = false;
  for (const { index, 0: sign } of from.text.matchAll(escapes)) {
    found = true;
    out.copy(index);
    if (sign.startsWith("%")) putBytes(out, sign);
    else out.put(letterOf(sign), sign.length);
  }
  return found ? out.done() : undefined;
}

function letterOf(sign: string): string {
  if (sign.startsWith("&")) {
    const name = sign.slice(1, -1).toLowerCase();
    if (!name.startsWith("#")) return named[name] ?? sign;
    const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  }
  if (sign.length === 6) return String.fromCharCode(Number.parseInt(sign.slice(2), 16));
  const letter = sign.slice(1);
  return short[letter.toLowerCase()] ?? letter;
}

/** A run of percent signs: UTF-8 where it is that, and else a letter for each byte. */
function putBytes(out: Writer, run: string): void {
  const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const text = bytes.toString("utf8", at, at + length);
    const isWhole = length > 1 && !text.includes("\ufffd");
    out.put(isWhole ? text : String.fromCharCode(first), 3 * (isWhole ? length : 1));
    at += isWhole ? length : 1;
  }
}

/** Writes a new reading of one, with the places. */
class Writer {
  readonly #from: Placed;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #parts: string[] = [];
  #at = 0;
  #length = 0;
  constructor(from: Placed) {
    this.#from = from;
    this.#starts = new Uint32Array(from.text.length);
    this.#ends = new Uint32Array(from.text.length);
  }
  /** All that comes before a place. */
  copy(to: number): void {
    if (to <= this.#at) return;
    const { text, starts, ends } = this.#from;
    this.#parts.push(text.slice(this.#at, to));
    for (; this.#at < to; this.#at++) {
      this.#starts[this.#length] = starts[this.#at] ?? 0;
      this.#ends[this.#length++] = ends[this.#at] ?? 0;
    }
  }
  skip(length: number): void {
    this.#at += length;
  }
  /** A text, never longer than what it stands for. */
  put(text: string, length: number): void {
    const start = this.#from.starts[this.#at] ?? 0;
    const end = this.#from.ends[this.#at + length - 1] ?? start;
    this.#parts.push(text);
    this.#starts.fill(start, this.#length, this.#length + text.length);
    this.#ends.fill(end, this.#length, this.#length + text.length);
    this.#length += text.length;
    this.#at += length;
  }
  done(): Placed {
    this.copy(this.#from.text.length);
    const length = this.#length;
    return {
      text: this.#parts.join(""),
      starts: this.#starts.subarray(0, length),
      ends: this.#ends.subarray(0, length),
    };
  }
}
