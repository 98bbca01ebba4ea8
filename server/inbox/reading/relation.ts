import type { Candidate } from "./candidate.ts";
import { isAlphanumeric, isDigit } from "./characters.ts";
import type { Label } from "./labels.ts";
import type { Message } from "./message.ts";
import { isLetter } from "./phrases.ts";

/** How a name of a code stands to a candidate. The keys of `weights.relation`. */
export type Relation =
  | "touching"
  | "announced"
  | "close"
  | "sameSentence"
  | "farInSentence"
  | "followsTouching"
  | "followsClose"
  | "followsInSentence"
  | "earlierAndAlone"
  | "earlier"
  | "later"
  | "elsewhere";

/** Names further away than this are only "elsewhere". */
export const reach = 400;
const closeBy = 28;
const farOff = 60;
const announcing = 120;

/** Nothing but spaces and signs between two offsets. */
export function onlySigns(text: string, from: number, to: number): boolean {
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

export function relationOf(message: Message, label: Label, candidate: Candidate, alone: boolean): Relation {
  const { text, layout } = message;
  const sameSentence = layout.sentence[label.start] === layout.sentence[candidate.start];
  const sameLine = layout.line[label.end] === layout.line[candidate.start];
  if (label.end <= candidate.start) {
    const gap = candidate.start - label.end;
    if (gap > reach) return "elsewhere";
    if (onlySigns(text, label.end, candidate.start)) return "touching";
    if (sameSentence && (sameLine || alone)) {
      if (gap <= announcing && isAnnounced(message, candidate.start)) return "announced";
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
    if (gap <= 90) return "followsInSentence";
  }
  return "later";
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
