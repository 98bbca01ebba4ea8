import { BestLabels, relationText } from "./best-label.ts";
import { type Candidate, looksDrawn } from "./candidate.ts";
import { isNaming, type Label, otherNumberOf } from "./labels.ts";
import { firstWithin, lineAt, type Message, type Word } from "./message.ts";
import type { Reason } from "./reading.ts";
import { weights } from "./weights.ts";

export type Scored = Candidate & { score: number; because: Reason[] };

/** Longer bodies have something alone in a line by chance. */
const shortBody = 1_500;

/** Lines with more than this beside a candidate are not walked: it is not alone in them. */
const mostSigns = 40;

const blank = (text: string, from: number, to: number) =>
  to - from <= mostSigns && !/[\p{L}\p{N}]/u.test(text.slice(from, to));

/**
 * Weighs what speaks for and against each candidate; every sign that counted becomes a reason. `inLinks` are
 * values that links of the message carry.
 */
export function scoreCandidates(
  message: Message,
  { candidates, labels, inLinks }: { candidates: Candidate[]; labels: Label[]; inLinks: Set<string> },
): Scored[] {
  const { text, layout, words, body } = message;
  const bestLabels = new BestLabels(message, candidates, labels);
  const named = labels.some(isNaming);
  const speaks: ["purpose" | "handling" | "warning", Word | undefined][] = [
    ["purpose", words.of("purposes")[0]],
    ["handling", words.of("handling")[0] ?? words.of("entering")[0]],
    ["warning", words.of("warnings")[0]],
  ];
  return candidates.map((candidate, index) => {
    const { start, end, value, made } = candidate;
    const because: Reason[] = [];
    let score = 0;
    const countAt = (
      at: { start: number; end: number },
      [rule, points]: readonly [rule: string, points: number],
      said: string,
    ) => {
      score += points;
      because.push({ rule, text: said, start: at.start, end: at.end });
    };
    const count = (rule: string, points: number, said: string) => countAt(candidate, [rule, points], said);
    const [lineStart, lineEnd] = lineAt(text, layout, start);
    const alone = blank(text, lineStart, start) && blank(text, end, lineEnd);
    const { best, before } = bestLabels.of(index, alone);

    count(`shape-${made}`, shapePoints(candidate), "It has the shape of a code.");
    if (made === "digits" && /^(?:19|20)\d\d$/.test(value)) count("year", weights.year, "It may be a year.");
    if (/^(\d)\1+$/.test(value))
      count("one-digit", weights.oneDigitRepeated, "One digit repeated is more often an example.");
    if (text[start - 1] === "#") count("hash", weights.hash, "A number sign stands before it.");
    if (best) countAt(best.label, [`named-${best.relation}`, best.points], relationText[best.relation]);
    if (inLinks.has(value))
      count("in-link", weights.inLink, "A link of the message that confirms something carries it.");
    if (message.emphasised.some(([from, to]) => from <= start && to >= end))
      count("emphasised", weights.emphasised, "It is set in large or bold letters.");

    const bare = text.trim().length === end - start && (made === "digits" || candidate.prefixed);
    if (bare) count("bare", weights.bare, "The message is nothing else.");
    if (named) {
      if (alone) count("alone", weights.alone, "It stands alone in its line.");
      for (const [kind, word] of speaks)
        if (word) countAt(word, [kind, weights[kind]], "The message speaks like one with a code.");
    } else if (!bare && alone && candidates.length === 1 && start >= body && text.length - body < shortBody) {
      count(
        "unlabelled-alone",
        weights.unlabelledAlone,
        "It is the only thing of its kind and stands alone in its line.",
      );
      const word = words.of("handling")[0];
      if (word)
        countAt(word, ["handling", weights.handlingUnlabelled], "The message speaks like one with a code.");
    }
    const other = otherNumberOf(message, candidate, before);
    if (other) {
      const { how, word } = other;
      const said = `It may belong to "${text.slice(word.start, word.end)}".`;
      countAt(word, [`belongs-${how}`, weights.otherNumber[how]], said);
    }
    const discount =
      best?.label.kind === "certain" ? undefined : firstWithin(words.of("discounts"), lineStart, lineEnd);
    if (discount) countAt(discount, ["bargain", weights.discount], "The line is about a discount.");
    const footer = before ? undefined : firstWithin(words.of("footers"), lineStart, lineEnd);
    if (footer) countAt(footer, ["footer", weights.footer], "Its line looks like a footer.");
    return { ...candidate, score, because };
  });
}

/** How often codes look like this, without looking at the words around them. */
function shapePoints({ value, made, grouped, prefixed }: Candidate): number {
  const { shape } = weights;
  const extra = (grouped ? shape.grouped : 0) + (prefixed ? shape.prefixed : 0);
  if (made === "digits") return (shape.digits[value.length] ?? 0) + extra;
  const lower = /[a-z]/.test(value);
  const drawn = looksDrawn(value) ? shape.drawnLetters : 0;
  if (made === "letters") return (lower ? shape.lowerCaseLetters : shape.letters) + drawn + extra;
  if (lower) return extra + (/[A-Z]/.test(value) ? shape.bothCases : shape.lowerCase);
  return extra + (value.length > 4 && value.length < 9 ? shape.mixed : shape.mixedOddLength);
}
