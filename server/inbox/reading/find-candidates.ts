import type { Address } from "./addresses.ts";
import {
  type Candidate,
  type Dismissal,
  isAccentedLatin,
  isAlphanumeric,
  isDigit,
  isLower,
  isUpper,
  looksDrawn,
  runEnd,
} from "./candidate.ts";
import { type NumberRead, readNumber, shapeOf } from "./find-numbers.ts";
import { phrasesOf } from "./lexicon.ts";
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

/** The meaning of a number with counting words or money beside it. */
function quantity(message: Message, { start, end, value }: Candidate): string | undefined {
  const { text, words } = message;
  const space = text[end] === " " || text[end] === "-" ? 1 : 0;
  const unit = words.startingAt("units", end + space);
  // "123456 ur code": short words after a long number are rarely its unit.
  if (unit && (value.length < 5 || unit.end - unit.start > 3)) return "a quantity";
  const after = words.startingAt("money", end + (text[end] === " " ? 1 : 0));
  if (after && !/^[ .:]{0,2}\d/.test(text.slice(after.end, after.end + 3))) return "an amount";
  if (words.endingAt("money", start) || words.endingAt("money", text[start - 1] === " " ? start - 1 : -1))
    return "an amount";
  if (/^(?:19|20)\d\d$/.test(value)) {
    for (let gap = 1; gap <= 5; gap++)
      if (words.endingAt("months", start - gap) && /^[ ,.\d]*$/.test(text.slice(start - gap, start)))
        return "a date";
  }
  return undefined;
}

export function findCandidates(message: Message, addresses: Address[]) {
  const { text, words } = message;
  const candidates: Candidate[] = [];
  const dismissals: Dismissal[] = [];
  const labelled = (end: number) => Boolean(words.endingAt("nouns", end) ?? words.endingAt("names", end));
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
        : readWord(text, { start: i, end }, labelled);
    const because = read.candidate && quantity(message, read.candidate);
    if (read.candidate && !because) candidates.push(read.candidate);
    const dismissal = because && read.candidate ? { ...read.candidate, because } : read.dismissal;
    if (dismissal && dismissals.length < mostDismissals)
      dismissals.push({ start: dismissal.start, end: dismissal.end, because: dismissal.because });
    i = Math.max(read.end, i + 1);
  }
  return { candidates, dismissals };
}

const short = (phrases: readonly string[]) =>
  new Set(phrases.filter((phrase) => /^[a-z]{1,5}$/.test(phrase)));
const countable = short([
  ...phrasesOf("units"),
  ..."st nd rd th am pm k m px pt d h s w p er eme".split(" "),
]);
const currencies = short([...phrasesOf("money"), "n"]);

/** A code of letters and digits is at least this long; an eleven-character word ends an SMS for an app. */
const shortest = 4;
const longest = 10;

const group = (unit: number) => isUpper(unit) || isDigit(unit);

/** "RKJ-YP6", "WDJB-MJHT": capitals and digits in groups of one length, or nearly. */
function grouped(text: string, start: number): Candidate | undefined {
  const groups: string[] = [];
  let end = start;
  for (let at = start; groups.length < 6; at = end + 1) {
    end = runEnd(text, at, group);
    groups.push(text.slice(at, end));
    if (text[end] !== "-" || !isAlphanumeric(text.charCodeAt(end + 1))) break;
  }
  if (groups.length < 2 || groups.length > 4 || isLower(text.charCodeAt(end)) || text[end] === "-")
    return undefined;
  const sizes = groups.map((part) => part.length);
  if (Math.min(...sizes) < 3 || Math.max(...sizes) > 5 || Math.max(...sizes) - Math.min(...sizes) > 1)
    return undefined;
  const value = groups.join("");
  const made = /\d/.test(value) ? "mixed" : "letters";
  if (made === "letters" && new Set(sizes).size > 1) return undefined;
  return { value, start, end, made, grouped: true };
}

/** "G-728301": the letters name the service, the digits are what is typed. */
function prefixed(text: string, start: number, letters: number): Candidate | undefined {
  const from = letters + 1;
  const first = runEnd(text, from, isDigit);
  const second = text[first] === "-" || text[first] === " " ? runEnd(text, first + 1, isDigit) : first;
  for (const end of [second, first]) {
    const groups = text.slice(from, end).split(/[- ]/);
    if (!groups.at(-1) || isAlphanumeric(text.charCodeAt(end))) continue;
    if (shapeOf(groups, text[first] === "-" ? "-" : " ") === "code")
      return { value: groups.join(""), start, end, made: "digits", grouped: false, prefixed: true };
  }
  return undefined;
}

/** Reads a run that has a letter in it. `labelled(end)` tells whether a name of a code ends at an offset. */
function readWord(
  text: string,
  { start, end }: { start: number; end: number },
  labelled: (end: number) => boolean,
): NumberRead {
  const word = text.slice(start, end);
  const dismiss = (because: string): NumberRead => ({ end, dismissal: { start, end, because } });
  const digits = word.search(/\d/);
  if (text[end] === "-" && isAlphanumeric(text.charCodeAt(end + 1))) {
    if (/^[A-Z]{1,3}$/.test(word) && isDigit(text.charCodeAt(end + 1))) {
      const candidate = prefixed(text, start, end);
      if (candidate) return { end: candidate.end, candidate };
    }
    const candidate = grouped(text, start);
    if (candidate) return { end: candidate.end, candidate };
    if (digits < 0) return { end };
    // "123e4567-e89b-12d3": a chain of pieces is an identifier.
    const chain = runEnd(text, end, (unit) => isAlphanumeric(unit) || unit === 0x2d);
    return { end: chain, dismissal: { start, end: chain, because: "part of an identifier" } };
  }
  if (digits < 0) return readLetters(text, start, end);
  if (/^[xX]+\d+$/.test(word) || (/xx/i.test(word) && /^[xX\d]+$/.test(word)))
    return dismiss("the end of a hidden number");
  const parts = /^([A-Za-z]*)(\d+)([A-Za-z]*)$/.exec(word);
  if (parts) {
    const [, before = "", number = "", after = ""] = parts;
    const from = start + before.length;
    if (number.length >= 4 && number.length <= 8) {
      const glued = before === "" || labelled(from) || /^(?:is|code|otp|pin)$/i.test(before);
      if (glued && (after === "" || /^(?:is|from|for|valid|do|please|and)$/i.test(after)))
        return {
          end,
          candidate: {
            value: number,
            start: from,
            end: from + number.length,
            made: "digits",
            grouped: false,
          },
        };
    }
    const money = runEnd(text, end, (unit) => isDigit(unit) || unit === 0x2e || unit === 0x2c);
    if (after === "" && currencies.has(before.toLowerCase())) return { ...dismiss("an amount"), end: money };
    if (
      before === "" &&
      (currencies.has(after.toLowerCase()) || (countable.has(after.toLowerCase()) && number.length < 5))
    )
      return dismiss("a quantity");
    if (/^[A-Za-z]?[a-z]{2,}$/.test(before) && number.length < 5 && after === "")
      return dismiss("a name with a number");
  }
  if (/^(?:\d+[dhms])+$/.test(word)) return dismiss("a duration");
  if (word.length < shortest) return { end };
  if (word.length > longest) return dismiss("an identifier too long for a code");
  if ((text[end] === "." || text[end] === ":") && isAlphanumeric(text.charCodeAt(end + 1)))
    return dismiss("part of an identifier");
  return { end, candidate: { value: word, start, end, made: "mixed", grouped: false } };
}

/** Nothing but letters: a code only where one is announced, so most words are not even considered. */
function readLetters(text: string, start: number, end: number): NumberRead {
  const word = text.slice(start, end);
  if (word.length < 5 || word.length > 8) return { end };
  const before = text.slice(Math.max(0, start - 2), start);
  const announced = /[:=>] ?$|\n ?$/.test(before) || (start === 0 && end === text.length);
  const last = /^[.!]?(?:\n|$)/.test(text.slice(end, end + 2));
  const linked = / $/.test(before) && last;
  const takes = /^[A-Z]+$/.test(word)
    ? announced || linked || looksDrawn(word)
    : /^[a-z]+$/.test(word) && /[:=] $/.test(before) && last;
  return takes ? { end, candidate: { value: word, start, end, made: "letters", grouped: false } } : { end };
}
