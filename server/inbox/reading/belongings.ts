import type { Candidate } from "./candidate.ts";
import type { Label } from "./labels.ts";
import type { Message, Word } from "./message.ts";

/** What a number says it is instead: "order no. 482913", "Konto 1234". */
export type Belonging = { how: "touching" | "linked" | "near" | "follows"; thing: Word };

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
export function belongingOf(
  message: Message,
  candidate: Candidate,
  labelBefore: Label | undefined,
): Belonging | undefined {
  const { text, words, layout } = message;
  let at = backOver(text, candidate.start);
  let linked = false;
  let numbered = false;
  for (let steps = 0; steps < 4; steps++) {
    const thing = words.endingAt("thing", at) ?? words.endingAt("other code", at);
    if (thing) {
      const named = labelBefore && labelBefore.end > thing.start;
      if (named) break;
      if (!linked || !labelBefore) return { how: "touching", thing };
      return numbered ? { how: "linked", thing } : undefined;
    }
    const numbering = words.endingAt("numbering", at);
    const link = numbering ? undefined : words.endingAt("linking", at);
    // "Order confirmation 482913": the purpose is the order's, not a code's.
    const between = numbering ?? link ?? words.endingAt("purpose", at);
    if (!between) break;
    linked ||= Boolean(link);
    numbered ||= Boolean(numbering);
    at = backOver(text, between.start);
  }
  // "Your code for the account is 123456": the verb ties the number to the code.
  if (linked && labelBefore) return undefined;
  for (let gap = 1; gap <= nearBy; gap++) {
    const thing = words.endingAt("thing", candidate.start - gap);
    if (!thing || (labelBefore && labelBefore.end > thing.start)) continue;
    if (layout.sentence[thing.start] !== layout.sentence[candidate.start]) break;
    if (layout.line[thing.start] !== layout.line[candidate.start]) break;
    return { how: "near", thing };
  }
  const after = text[candidate.end] === " " ? candidate.end + 1 : candidate.end;
  const numbering = words.startingAt("numbering", after);
  const thing = words.startingAt("thing", numbering ? numbering.end + 1 : after);
  return thing && { how: "follows", thing };
}
