import { findWords, type Hit, type WordKind } from "./lexicon.ts";

export type Word = Hit<WordKind>;

/** The words found in a text, by kind and by place. */
export class Words {
  readonly #kinds = new Map<WordKind, { all: Word[]; starts: Map<number, Word>; ends: Map<number, Word> }>();

  constructor(found: Word[]) {
    for (const word of found) {
      let kind = this.#kinds.get(word.kind);
      if (!kind) {
        kind = { all: [], starts: new Map(), ends: new Map() };
        this.#kinds.set(word.kind, kind);
      }
      kind.all.push(word);
      kind.starts.set(word.start, word);
      // Of several that end here the first is the longest: "invoice number" rather than "number".
      if (!kind.ends.has(word.end)) kind.ends.set(word.end, word);
    }
  }

  of(kind: WordKind): Word[] {
    return this.#kinds.get(kind)?.all ?? [];
  }

  startingAt(kind: WordKind, start: number): Word | undefined {
    return this.#kinds.get(kind)?.starts.get(start);
  }

  endingAt(kind: WordKind, end: number): Word | undefined {
    return this.#kinds.get(kind)?.ends.get(end);
  }
}

/** A text with everything about it that is worked out once. */
export type Message = {
  text: string;
  /** Where the body begins; before it is the subject. */
  body: number;
  /** Parts of the text that are set in large or bold letters. */
  emphasised: [start: number, end: number][];
  layout: Layout;
  words: Words;
};

export function openMessage(text: string, body: number, emphasised: [number, number][] = []): Message {
  return { text, body, emphasised, layout: layOut(text), words: new Words(findWords(text)) };
}

/**
 * Where lines and sentences of a text begin and end. Both are found once, so that asking which sentence an
 * offset is in costs nothing however long the text is.
 */
export type Layout = { line: Uint32Array; sentence: Uint32Array; lineStarts: number[] };

const terminators = new Set(".!?。！？؟।။።…".split("").map((c) => c.charCodeAt(0)));
const wide = new Set("。！？।။።".split("").map((c) => c.charCodeAt(0)));

export function layOut(text: string): Layout {
  const line = new Uint32Array(text.length + 1);
  const sentence = new Uint32Array(text.length + 1);
  const lineStarts = [0];
  let lines = 0;
  let sentences = 0;
  for (let i = 0; i < text.length; i++) {
    line[i] = lines;
    sentence[i] = sentences;
    const unit = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (unit === 0x0a) {
      lines++;
      lineStarts.push(i + 1);
      // A line may break inside a sentence, an empty line may not.
      if (next === 0x0a) sentences++;
    } else if (terminators.has(unit) && (wide.has(unit) || !(next > 0x20))) sentences++;
  }
  line[text.length] = lines;
  sentence[text.length] = sentences;
  return { line, sentence, lineStarts };
}

/** The line an offset is in, without its line break. */
export function lineAt(text: string, layout: Layout, offset: number): [start: number, end: number] {
  const index = layout.line[offset] ?? 0;
  const start = layout.lineStarts[index] ?? 0;
  const next = layout.lineStarts[index + 1];
  return [start, next === undefined ? text.length : next - 1];
}

/** The first of words sorted by start that begins at or after `from` and ends by `to`. */
export function firstWithin<Span extends { start: number; end: number }>(
  words: Span[],
  from: number,
  to: number,
): Span | undefined {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.start ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found = words[low];
  return found && found.end <= to ? found : undefined;
}
