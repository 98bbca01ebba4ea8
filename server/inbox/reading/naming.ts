import { belongingOf } from "./belongings.ts";
import { type Candidate, looksDrawn } from "./candidate.ts";
import { isNaming, type Label } from "./labels.ts";
import type { Message } from "./message.ts";
import { isLetter } from "./phrases.ts";
import { onlySigns, type Relation, reach, relationOf } from "./relation.ts";
import { weights } from "./weights.ts";

/** The name that speaks most for a candidate. */
export type Naming = { points: number; relation: Relation; label: Label };

/** Where a purpose or a verb alone can name a code, and where a warning names one after all. */
const beside = new Set<Relation>(["touching", "announced", "followsTouching"]);
/** Where a word of nothing but letters can be a code. */
const announcing = new Set<Relation>(["touching", "announced", "earlierAndAlone"]);

/** "Χρησιμοποιήστε το 604118": an article may stand between a verb and its number. */
const longestArticle = 6;

/** "Code: 123456" has its code; such a name says less about another number. */
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
export class Namings {
  readonly #message: Message;
  readonly #candidates: Candidate[];
  readonly #labels: Label[];
  readonly #claims: Map<Label, string>;
  readonly #far: Label | undefined;
  /** Candidates that say whose they are ("card ending 4431") do not stand between a name and its code. */
  readonly #owned: Set<Candidate>;
  #window = 0;

  constructor(message: Message, candidates: Candidate[], labels: Label[]) {
    this.#message = message;
    this.#candidates = candidates;
    this.#labels = labels;
    this.#owned = new Set(
      candidates.filter((one) => belongingOf(message, one, undefined)?.how === "touching"),
    );
    this.#claims = claimedLabels(message.text, candidates, labels);
    this.#far = labels.find((label) => isNaming(label) && !label.warned) ?? labels.find(isNaming);
  }

  /** The best name, and the last one before the candidate in its sentence. */
  of(index: number, alone: boolean): { best?: Naming; before?: Label } {
    const candidate = this.#candidates[index];
    if (!candidate) return {};
    const { start, end } = candidate;
    const { sentence } = this.#message.layout;
    const labels = this.#labels;
    while ((labels[this.#window]?.end ?? start) < start - reach) this.#window++;
    let best: Naming | undefined;
    let before: Label | undefined;
    for (let i = this.#window; i < labels.length; i++) {
      const label = labels[i];
      if (!label || label.start > end + reach) break;
      if (label.start < end && label.end > start) continue;
      if (isNaming(label) && label.end <= start && sentence[label.start] === sentence[start]) before = label;
      const naming = this.#weigh(index, candidate, label, relationOf(this.#message, label, candidate, alone));
      if (naming && naming.points > (best?.points ?? 0)) best = naming;
    }
    if (!best && this.#far) best = this.#weigh(index, candidate, this.#far, "elsewhere");
    return { best, before };
  }

  #weigh(index: number, candidate: Candidate, label: Label, relation: Relation): Naming | undefined {
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
