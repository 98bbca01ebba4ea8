import type { Candidate } from "./candidate.ts";
import type { Message, Word } from "./message.ts";

/**
 * A place that names a code.
 * certain: a one-time code, "verification code"; plain: "code", which may be another;
 * purpose: only what it is for, "Login: 123456"; entering: "enter 123456 to sign in".
 */
export type Label = {
  start: number;
  end: number;
  kind: "certain" | "plain" | "purpose" | "entering";
  /** Part of "never share your code": it may name a code that is not in this message. */
  warned: boolean;
};

/** Whether it names a code by itself, at any position. */
export const isNaming = ({ kind }: Label) => kind === "certain" || kind === "plain";

interface Reach {
  readonly kind: "purposes" | "warnings";
  readonly before: number;
  readonly after: number;
}

/** Whether a word of this kind begins within reach before or after a place, in the same sentence. */
function isNear(message: Message, { start, end }: Word, { kind, before, after }: Reach): boolean {
  const { sentence } = message.layout;
  const words = message.words.of(kind);
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.end ?? 0) < start - before) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < words.length; i++) {
    const word = words[i];
    if (!word || word.start > end + after) return false;
    if (word.end >= start - before && sentence[word.start] === sentence[start]) return true;
  }
  return false;
}

const purpose: Reach = { kind: "purposes", before: 30, after: 30 };
const purposeAfterVerb: Reach = { kind: "purposes", before: 0, after: 70 };
const warning: Reach = { kind: "warnings", before: 40, after: 40 };

/** What each kind of word can be at best; a longer reading of the same place wins. */
function labelKind(message: Message, word: Word): Label["kind"] | undefined {
  const { kind } = word;
  if (kind === "names") return "certain";
  if (kind === "purposes") return "purpose";
  // Of a longer word only its end is known: without a purpose it may be any "-code".
  if (kind === "compounds") return isNear(message, word, purpose) ? "certain" : undefined;
  if (kind === "nouns") return isNear(message, word, purpose) ? "certain" : "plain";
  return isNear(message, word, purposeAfterVerb) ? "entering" : undefined;
}

const order = { certain: 0, plain: 1, purpose: 2, entering: 2 };

/** Names of codes, each once; names inside "promo code" and "barcode" are none. */
export function findLabels(message: Message): Label[] {
  const { words } = message;
  const others = words.of("otherCodes");
  const found = [
    ...words.of("nouns"),
    ...words.of("compounds"),
    ...words.of("names"),
    ...words.of("purposes"),
    ...words.of("entering"),
  ];
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const labels: Label[] = [];
  let other = 0;
  for (const word of found) {
    while ((others[other]?.end ?? Number.POSITIVE_INFINITY) <= word.start) other++;
    const outer = others[other];
    if (outer && outer.start <= word.start && outer.end >= word.end) continue;
    const kind = labelKind(message, word);
    if (!kind) continue;
    const { start, end } = word;
    const last = labels.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      if (order[kind] < order[last.kind]) last.kind = kind;
      continue;
    }
    labels.push({ start, end, kind, warned: isNear(message, word, warning) });
  }
  return labels;
}

/** The word that says what a number is instead of a code: "order no. 482913", "Konto 1234". */
export type OtherNumber = { how: "touching" | "linked" | "near" | "follows"; word: Word };

const nearBy = 24;

/** Steps back over signs between a word and its number, not over the end of a sentence. */
function backOver(text: string, from: number): number {
  let at = from;
  while (at > 0) {
    const char = text[at - 1] ?? "";
    if (char === "\n" ? !/[:#=]/.test(text[at - 2] ?? "") : !/[ :#=\-("'*~]/.test(char)) break;
    at--;
  }
  return at;
}

/** `labelBefore` is the last name of a code before the candidate in its sentence. */
export function otherNumberOf(
  message: Message,
  candidate: Candidate,
  labelBefore: Label | undefined,
): OtherNumber | undefined {
  const { text, words, layout } = message;
  let at = backOver(text, candidate.start);
  let linked = false;
  let numbered = false;
  for (let steps = 0; steps < 4; steps++) {
    const word = words.endingAt("otherNumbers", at) ?? words.endingAt("otherCodes", at);
    if (word) {
      const named = labelBefore && labelBefore.end > word.start;
      if (named) break;
      if (!linked || !labelBefore) return { how: "touching", word };
      return numbered ? { how: "linked", word } : undefined;
    }
    const numbering = words.endingAt("numbering", at);
    const link = numbering ? undefined : words.endingAt("linking", at);
    // "Order confirmation 482913": the purpose is the order's, not a code's.
    const between = numbering ?? link ?? words.endingAt("purposes", at);
    if (!between) break;
    linked ||= Boolean(link);
    numbered ||= Boolean(numbering);
    at = backOver(text, between.start);
  }
  // "Your code for the account is 123456": the verb ties the number to the code.
  if (linked && labelBefore) return undefined;
  for (let gap = 1; gap <= nearBy; gap++) {
    const word = words.endingAt("otherNumbers", candidate.start - gap);
    if (!word || (labelBefore && labelBefore.end > word.start)) continue;
    if (layout.sentence[word.start] !== layout.sentence[candidate.start]) break;
    if (layout.line[word.start] !== layout.line[candidate.start]) break;
    return { how: "near", word };
  }
  const after = text[candidate.end] === " " ? candidate.end + 1 : candidate.end;
  const numbering = words.startingAt("numbering", after);
  const word = words.startingAt("otherNumbers", numbering ? numbering.end + 1 : after);
  return word && { how: "follows", word };
}
