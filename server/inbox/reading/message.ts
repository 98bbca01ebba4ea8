import { fold } from "./fold.ts";
import { type Layout, layOut } from "./layout.ts";
import { lexicon, type WordKind } from "./lexicon.ts";
import type { Hit } from "./phrases.ts";

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
  return { text, body, emphasised, layout: layOut(text), words: new Words(lexicon.find(fold(text))) };
}
