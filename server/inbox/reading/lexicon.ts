import type { LanguageWords } from "./words/language-words.ts";
import { languages } from "./words/languages.ts";

/**
 * Folds text for comparing words: lower case, no accents, one form for the letters Arabic and Persian
 * keyboards write differently. Unit for unit, so that a match has the same offsets in the text itself.
 */

/** A placeholder for a mark that is not part of a word's spelling. Matching skips it. */
const skipped = 0x01;

const alike: Record<string, string> = {
  ł: "l",
  đ: "d",
  ø: "o",
  ß: "s",
  ı: "i",
  æ: "a",
  œ: "o",
  ð: "d",
  þ: "t",
  ħ: "h",
  ŋ: "n",
  ə: "e",
  ς: "σ",
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ې: "ي",
  ک: "ك",
  ګ: "گ",
  ة: "ه",
  ۀ: "ه",
  ہ: "ه",
  ھ: "ه",
  ە: "ه",
  ؤ: "و",
  "’": "'",
  ʼ: "'",
  "‘": "'",
  "`": "'",
};
const folded = new Uint16Array(0x10000);

function foldUnit(unit: number): number {
  const char = String.fromCharCode(unit);
  if (
    (unit >= 0x0300 && unit <= 0x036f) ||
    (unit >= 0x0591 && unit <= 0x05c7) ||
    (unit >= 0x064b && unit <= 0x065f) ||
    unit === 0x0640 ||
    unit === 0x0670
  )
    return skipped;
  const lower = char.toLowerCase();
  const known = alike[lower] ?? alike[char];
  if (known) return known.charCodeAt(0);
  // Accents carry no meaning here in Latin, Greek and Cyrillic; in other scripts the marks are letters.
  const accented = unit < 0x0530 || (unit >= 0x1e00 && unit <= 0x1fff);
  const base = accented ? lower.normalize("NFD").charAt(0) : lower.charAt(0);
  return (alike[base] ?? base).charCodeAt(0);
}

function fold(text: string): string {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[i] = folded[unit] ||= foldUnit(unit) || skipped;
  }
  let out = "";
  for (let i = 0; i < units.length; i += 8192) out += String.fromCharCode(...units.subarray(i, i + 8192));
  return out;
}

/**
 * Finds every listed word in one pass. A star opens an end: "kod*" also matches "kodunuz", "*code" also
 * "Bestätigungscode". Scripts written without spaces between words match anywhere.
 */
export type Hit<Kind extends string> = { kind: Kind; start: number; end: number };

type Ending<Kind> = { kind: Kind; open: "no" | "anything" | "rest of the word" };
type Node<Kind> = { next: Map<number, Node<Kind>>; endings: Ending<Kind>[] };

/** No listed phrase is longer, so a walk from one position ends after as many steps. */
const longest = 60;
const letter = /\p{L}|\p{M}/u;
const letters = new Uint8Array(0x10000);

/** Whether a unit belongs to a word; half of a pair counts as one, so that emoji do not split anything. */
export function isLetter(unit: number): boolean {
  if (Number.isNaN(unit)) return false;
  if (!letters[unit]) letters[unit] = letter.test(String.fromCharCode(unit)) ? 2 : 1;
  return letters[unit] === 2;
}

/** Thai, Lao, Myanmar, Khmer, kana, Han and Hangul: words are not set apart, or carry particles. */
const unspaced = (unit: number) =>
  (unit >= 0x0e00 && unit <= 0x0eff) ||
  (unit >= 0x1000 && unit <= 0x109f) ||
  (unit >= 0x1780 && unit <= 0x17ff) ||
  (unit >= 0x3040 && unit <= 0x9fff) ||
  (unit >= 0xac00 && unit <= 0xd7af);

/** Arabic writes its article and short prepositions onto the word. */
const prefixing = (unit: number) => unit >= 0x0600 && unit <= 0x06ff;

/** Endings are short; what goes on longer is no form of the word. */
const longestEnding = 24;

function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < from + longestEnding && isLetter(text.charCodeAt(end)) && !unspaced(text.charCodeAt(end)))
    end++;
  return end;
}

const empty = <Kind>(): Node<Kind> => ({ next: new Map(), endings: [] });

class Phrases<Kind extends string> {
  readonly #atWordStart = empty<Kind>();
  readonly #anywhere = empty<Kind>();

  add(kind: Kind, phrase: string): void {
    const word = fold(phrase.replace(/^\*|\*$/g, "").normalize("NFC"));
    if (!word || word.length > longest) throw new Error(`a phrase of ${word.length} units: ${phrase}`);
    const first = word.charCodeAt(0);
    const anywhere = phrase.startsWith("*") || unspaced(first) || (prefixing(first) && word.length > 2);
    const last = unspaced(word.charCodeAt(word.length - 1)) ? "anything" : "no";
    const open = phrase.endsWith("*") ? "rest of the word" : last;
    let node = anywhere ? this.#anywhere : this.#atWordStart;
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i);
      if (unit === skipped) continue;
      const next = node.next.get(unit) ?? empty<Kind>();
      node.next.set(unit, next);
      node = next;
    }
    // Languages share words; each is reported once.
    if (!node.endings.some((ending) => ending.kind === kind && ending.open === open))
      node.endings.push({ kind, open });
  }

  /** All matches in folded text, by where they start. */
  find(text: string): Hit<Kind>[] {
    const hits: Hit<Kind>[] = [];
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) <= 0x20) continue;
      hits.push(...this.#matchesAt(this.#anywhere, text, i));
      if (!isLetter(text.charCodeAt(i - 1))) hits.push(...this.#matchesAt(this.#atWordStart, text, i));
    }
    return hits;
  }

  #matchesAt(root: Node<Kind>, text: string, start: number): Hit<Kind>[] {
    const hits: Hit<Kind>[] = [];
    let node = root;
    const stop = Math.min(text.length, start + longest);
    for (let i = start; i < stop; i++) {
      let unit = text.charCodeAt(i);
      if (unit === skipped) continue;
      // A phrase may be broken over two lines.
      if (unit === 0x0a) unit = 0x20;
      const next = node.next.get(unit);
      if (!next) break;
      node = next;
      for (const { kind, open } of node.endings) {
        const inside = isLetter(text.charCodeAt(i + 1));
        if (inside && open === "no") continue;
        const end = inside && open === "rest of the word" ? wordEnd(text, i + 1) : i + 1;
        hits.push({ kind, start, end });
      }
    }
    return hits;
  }
}

export type WordKind = keyof LanguageWords;

const kinds = [...new Set(languages.flatMap((words) => Object.keys(words) as WordKind[]))];

/** The phrases of one kind in all languages. */
export const phrasesOf = (kind: WordKind): string[] =>
  languages.flatMap((words) => words[kind]?.split("|") ?? []).map((phrase) => phrase.trim());

let lexicon: Phrases<WordKind> | undefined;

function buildLexicon(): Phrases<WordKind> {
  const built = new Phrases<WordKind>();
  for (const kind of kinds) for (const phrase of phrasesOf(kind)) built.add(kind, phrase);
  return built;
}

/** All words of all languages in a text. The first call takes some 50 ms longer, so that a start does not wait. */
export function findWords(text: string): Hit<WordKind>[] {
  lexicon ??= buildLexicon();
  return lexicon.find(fold(text));
}
