import { type Candidate, isAlphanumeric, isDigit, looksDrawn } from "./candidate.ts";
import { isNaming, type Label, otherNumberOf } from "./labels.ts";
import { isLetter } from "./lexicon.ts";
import type { Message } from "./message.ts";
import { type Relation, weights } from "./weights.ts";

/** The label that speaks most for a candidate. */
export type BestLabel = { points: number; relation: Relation; label: Label };

/** Where a purpose or a verb alone can name a code, and where a warning names one after all. */
const beside = new Set<Relation>(["touching", "announced", "followsTouching"]);
/** Where a word of nothing but letters can be a code. */
const announcing = new Set<Relation>(["touching", "announced", "earlierAndAlone"]);

/** In characters. A label further away than `reach` is only "elsewhere". */
const reach = 400;
const announcedWithin = 120;
const followsWithin = 90;
const farOff = 60;
const closeBy = 28;

/** "Χρησιμοποιήστε το 604118": an article may be between a verb and its number. */
const longestArticle = 6;

/** "Code: 123456" has its code; such a label says less about another number. */
function claimedLabels(text: string, candidates: Candidate[], labels: Label[]): Map<Label, string> {
  const claims = new Map<Label, string>();
  let next = 0;
  for (const label of labels) {
    while (next < candidates.length && (candidates[next]?.start ?? 0) < label.end) next++;
    const candidate = candidates[next];
    const glued = isLetter(text.charCodeAt((candidate?.start ?? 0) - 1));
    if (candidate && isNaming(label) && !glued && onlySigns(text, label.end, candidate.start))
      claims.set(label, candidate.value);
  }
  return claims;
}

/** Answers for one candidate after the other, in the order of the text. */
export class BestLabels {
  readonly #message: Message;
  readonly #candidates: Candidate[];
  readonly #labels: Label[];
  readonly #claims: Map<Label, string>;
  readonly #far: Label | undefined;
  /** Candidates that say what they belong to ("card ending 4431") do not separate a label from its code. */
  readonly #owned: Set<Candidate>;
  #window = 0;

  constructor(message: Message, candidates: Candidate[], labels: Label[]) {
    this.#message = message;
    this.#candidates = candidates;
    this.#labels = labels;
    this.#owned = new Set(
      candidates.filter((one) => otherNumberOf(message, one, undefined)?.how === "touching"),
    );
    this.#claims = claimedLabels(message.text, candidates, labels);
    this.#far = labels.find((label) => isNaming(label) && !label.warned) ?? labels.find(isNaming);
  }

  /** The best label, and the last one before the candidate in its sentence. */
  of(index: number, alone: boolean): { best?: BestLabel; before?: Label } {
    const candidate = this.#candidates[index];
    if (!candidate) return {};
    const { start, end } = candidate;
    const { sentence } = this.#message.layout;
    const labels = this.#labels;
    while ((labels[this.#window]?.end ?? start) < start - reach) this.#window++;
    let best: BestLabel | undefined;
    let before: Label | undefined;
    for (let i = this.#window; i < labels.length; i++) {
      const label = labels[i];
      if (!label || label.start > end + reach) break;
      if (label.start < end && label.end > start) continue;
      if (isNaming(label) && label.end <= start && sentence[label.start] === sentence[start]) before = label;
      const weighed = this.#weigh(index, label, this.#relation(candidate, label, alone));
      if (weighed && weighed.points > (best?.points ?? 0)) best = weighed;
    }
    if (!best && this.#far) best = this.#weigh(index, this.#far, "elsewhere");
    return { best, before };
  }

  /** `alone`: the candidate is alone in its line. */
  #relation(candidate: Candidate, label: Label, alone: boolean): Relation {
    const { text, layout } = this.#message;
    const sameSentence = layout.sentence[label.start] === layout.sentence[candidate.start];
    const sameLine = layout.line[label.end] === layout.line[candidate.start];
    if (label.end <= candidate.start) {
      const gap = candidate.start - label.end;
      if (gap > reach) return "elsewhere";
      if (onlySigns(text, label.end, candidate.start)) return "touching";
      if (sameSentence && (sameLine || alone)) {
        if (gap <= announcedWithin && isAnnounced(this.#message, candidate.start)) return "announced";
        if (gap <= closeBy && !hasDigit(text, label.end, candidate.start)) return "close";
        return gap <= farOff ? "sameSentence" : "farInSentence";
      }
      return alone ? "earlierAndAlone" : "earlier";
    }
    const gap = label.start - candidate.end;
    if (gap > reach) return "elsewhere";
    if (sameSentence && sameLine) {
      if (onlySigns(text, candidate.end, label.start)) return "followsTouching";
      if (gap <= closeBy) return "followsClose";
      if (gap <= followsWithin) return "followsInSentence";
    }
    return "later";
  }

  #weigh(index: number, label: Label, relation: Relation): BestLabel | undefined {
    const candidate = this.#candidates[index];
    if (!candidate) return undefined;
    const article =
      label.kind === "entering" && relation === "close" && candidate.start - label.end <= longestArticle;
    if (!isNaming(label) && !beside.has(relation) && !article) return undefined;
    if (label.kind === "purpose" && !this.#isField(label, candidate)) return undefined;
    if (candidate.made === "letters" && !announcing.has(relation) && !looksDrawn(candidate.value))
      return undefined;
    const [share, own] = weights.relation[relation];
    const base = label.warned && !beside.has(relation) ? weights.label.warned : weights.label[label.kind];
    let points = base * share + own;
    const previous = this.#candidates[index - 1];
    const next = this.#candidates[index + 1];
    const stands = (other: Candidate | undefined) =>
      other && other.made !== "letters" && other.value !== candidate.value && !this.#owned.has(other);
    if (previous && stands(previous) && label.end <= previous.start) points *= weights.between;
    if (next && stands(next) && label.start >= next.end) points *= weights.between;
    const owner = this.#claims.get(label);
    if (owner !== undefined && owner !== candidate.value) points *= weights.claimed;
    return { points, relation, label };
  }

  /** "Login: 123456". Without a colon a purpose says what has happened: "registration 482913 accepted". */
  #isField(label: Label, candidate: Candidate): boolean {
    if (label.end > candidate.start) return false;
    const between = this.#message.text.slice(label.end, Math.min(candidate.start, label.end + 40));
    return /^[^#]*(?:[:=][^#]*|\p{L})$/u.test(between.trim());
  }
}

/** Nothing but spaces and signs between two offsets. */
function onlySigns(text: string, from: number, to: number): boolean {
  if (to - from > 16) return false;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (isLetter(unit) || isAlphanumeric(unit) || (unit === 0x0a && text.charCodeAt(i + 1) === 0x0a))
      return false;
  }
  return true;
}

function hasDigit(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isDigit(text.charCodeAt(i))) return true;
  return false;
}

/** A colon or a verb that equates: "… code for your account is 123456". */
function isAnnounced({ text, words }: Message, start: number): boolean {
  if (/[:=>»][\s"'「(*]*$/.test(text.slice(Math.max(0, start - 6), start))) return true;
  const quoted = /[ "'「(*]*$/.exec(text.slice(Math.max(0, start - 6), start))?.[0].length ?? 0;
  return Boolean(words.endingAt("linking", start - quoted));
}

export const relationText: Record<Relation, string> = {
  touching: "The name of a code stands right before it.",
  announced: "The sentence names a code and announces it here.",
  close: "The name of a code stands shortly before it.",
  sameSentence: "Its sentence names a code.",
  farInSentence: "Its sentence names a code.",
  followsTouching: "The name of a code stands right after it.",
  followsClose: "The name of a code stands shortly after it.",
  followsInSentence: "Its sentence names a code afterwards.",
  earlierAndAlone: "A code is named before it, and it stands alone in its line.",
  earlier: "A code is named earlier in the message.",
  later: "A code is named later in the message.",
  elsewhere: "A code is named elsewhere in the message.",
};
