import type { Address } from "./addresses.ts";
import type { Candidate, Dismissal } from "./candidate.ts";
import { isAccentedLatin, isAlphanumeric, isDigit, runEnd } from "./characters.ts";
import { readNumber } from "./find-numbers.ts";
import { grouped, readWord } from "./find-words.ts";
import type { Message } from "./message.ts";

/** A message with more numbers than this is a table or a log; those after are not weighed. */
export const mostCandidates = 500;
const mostDismissals = 100;

/** "4 8 1 9 2 0": one character to a box. */
function boxed(text: string, start: number): Candidate | undefined {
  let value = "";
  let end = start;
  for (let at = start; value.length <= 10; at += 2) {
    if (!isAlphanumeric(text.charCodeAt(at)) || isAlphanumeric(text.charCodeAt(at + 1))) break;
    value += text[at];
    end = at + 1;
    if (text[end] !== " " && text[end] !== "\n") break;
  }
  if (value.length < 4 || value.length > 10 || !/\d/.test(value) || isAlphanumeric(text.charCodeAt(end)))
    return undefined;
  return { value, start, end, made: /^\d+$/.test(value) ? "digits" : "mixed", grouped: true };
}

/** What counting words and money beside a number make of it. */
function quantity(message: Message, { start, end, value }: Candidate): string | undefined {
  const { text, words } = message;
  const space = text[end] === " " || text[end] === "-" ? 1 : 0;
  const unit = words.startingAt("unit", end + space);
  // "123456 ur code": short words after a long number are rarely its unit.
  if (unit && (value.length < 5 || unit.end - unit.start > 3)) return "a quantity";
  const after = words.startingAt("money", end + (text[end] === " " ? 1 : 0));
  if (after && !/^[ .:]{0,2}\d/.test(text.slice(after.end, after.end + 3))) return "an amount";
  if (words.endingAt("money", start) || words.endingAt("money", text[start - 1] === " " ? start - 1 : -1))
    return "an amount";
  if (/^(?:19|20)\d\d$/.test(value)) {
    for (let gap = 1; gap <= 5; gap++)
      if (words.endingAt("month", start - gap) && /^[ ,.\d]*$/.test(text.slice(start - gap, start)))
        return "a date";
  }
  return undefined;
}

export function findCandidates(message: Message, addresses: Address[]) {
  const { text, words } = message;
  const candidates: Candidate[] = [];
  const dismissals: Dismissal[] = [];
  const labelled = (end: number) => Boolean(words.endingAt("noun", end) ?? words.endingAt("name", end));
  let skipped = 0;
  for (let i = 0; i < text.length && candidates.length < mostCandidates; ) {
    while ((addresses[skipped]?.end ?? Number.POSITIVE_INFINITY) <= i) skipped++;
    const address = addresses[skipped];
    if (address && i >= address.start) {
      i = address.end;
      continue;
    }
    if (!isAlphanumeric(text.charCodeAt(i))) {
      i++;
      continue;
    }
    const end = runEnd(text, i, isAlphanumeric);
    if (
      isAccentedLatin(text.charCodeAt(i - 1)) ||
      isAccentedLatin(text.charCodeAt(end)) ||
      text[end] === "_"
    ) {
      i = end + 1;
      continue;
    }
    const boxes = end === i + 1 ? boxed(text, i) : undefined;
    const startsGroup = text[end] === "-" && grouped(text, i)?.made === "mixed";
    const read = boxes
      ? { end: boxes.end, candidate: boxes, dismissal: undefined }
      : runEnd(text, i, isDigit) === end && !startsGroup
        ? readNumber(text, i)
        : readWord(text, i, end, labelled);
    const because = read.candidate && quantity(message, read.candidate);
    if (read.candidate && !because) candidates.push(read.candidate);
    const dismissal = because && read.candidate ? { ...read.candidate, because } : read.dismissal;
    if (dismissal && dismissals.length < mostDismissals)
      dismissals.push({ start: dismissal.start, end: dismissal.end, because: dismissal.because });
    i = Math.max(read.end, i + 1);
  }
  return { candidates, dismissals };
}
