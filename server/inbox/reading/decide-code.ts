import type { Candidate } from "./candidate.ts";
import type { Message } from "./message.ts";
import { findOriginBound } from "./origin-bound.ts";
import { type Choice, type Reading, type Reason, sureness } from "./reading.ts";
import type { Scored } from "./score-candidates.ts";
import { enough, lead, weights } from "./weights.ts";

/** One for each value, best first; a value said twice counts a little more. */
export function distinct(scored: Scored[]): Scored[] {
  const best = new Map<string, Scored>();
  for (const one of scored) {
    const key = one.value.toUpperCase();
    const known = best.get(key);
    if (!known) best.set(key, one);
    else {
      const better = one.score > known.score ? one : known;
      const because = [...better.because, { rule: "repeated", text: "The message says it more than once." }];
      best.set(key, {
        ...better,
        score: better.score + (known.because.some(({ rule }) => rule === "repeated") ? 0 : weights.repeated),
        because,
      });
    }
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}

const choice = ({ value, score, start, end }: Scored): Choice => ({
  kind: "code",
  value,
  confidence: sureness(score - enough),
  start,
  end,
});

const same = (a: string, b: string) =>
  a.replace(/[\s-]/g, "").toUpperCase() === b.replace(/[\s-]/g, "").toUpperCase();

const ambiguous = (text: string, because: Reason[], candidates: Choice[]): Reading => ({
  kind: "ambiguous",
  confidence: 0.5,
  because,
  candidates: candidates.slice(0, mostChoices),
  text,
});

const mostChoices = 10;

/**
 * Words addressed to a machine, if they stand in the sentence of a code, or in the one before it and that has
 * no number of its own to speak of.
 */
function machineTalkAround(message: Message, code: Candidate, candidates: Candidate[]): Reason | undefined {
  const { sentence } = message.layout;
  const mine = sentence[code.start] ?? 0;
  const spokenOf = new Set(candidates.map(({ start }) => sentence[start]));
  for (const { start, end } of message.words.of("machine talk")) {
    const theirs = sentence[start] ?? 0;
    if (theirs === mine || (theirs + 1 === mine && !spokenOf.has(theirs)))
      return {
        rule: "machine-talk",
        text: "It stands in words that tell the reader what to do, so a person must choose.",
        start,
        end,
      };
  }
  return undefined;
}

/** The code of a message, "ambiguous", or nothing when no candidate has points enough. `ranked`: best first. */
export function decideCode(message: Message, candidates: Candidate[], ranked: Scored[]): Reading | undefined {
  const { text } = message;
  const fitting = ranked.filter(({ score }) => score >= enough);
  // Where there are digits to give, a word in capitals is the name of a service or a shout.
  const withDigits = fitting.filter(({ made }) => made !== "letters");
  const plausible = withDigits.length > 0 ? withDigits : fitting;
  const [first, second] = plausible;
  const bound = findOriginBound(message);
  if (bound) {
    const { value, host, start, end } = bound;
    const reason = { rule: "origin-bound", text: `The last line binds the code to ${host}.`, start, end };
    if (!first || same(first.value, value))
      return { kind: "code", value, confidence: 0.99, because: [reason], text };
    const last = { kind: "code" as const, value, confidence: 0.99, start, end };
    const other = {
      rule: "several",
      text: "The message names another code than its last line.",
      start: first.start,
      end: first.end,
    };
    return ambiguous(
      text,
      [reason, other],
      [last, ...plausible.filter((one) => !same(one.value, value)).map(choice)],
    );
  }
  if (!first) return undefined;
  const talk = machineTalkAround(message, first, candidates);
  if (talk) return ambiguous(text, [talk], plausible.map(choice));
  const rivals = plausible.filter(({ score }) => first.score - score < lead);
  if (rivals.length > 1) {
    const said = "Several numbers are as likely to be the code.";
    return ambiguous(
      text,
      rivals.map(({ start, end }) => ({ rule: "several", text: said, start, end })),
      rivals.map(choice),
    );
  }
  const margin = Math.min(
    first.score - enough,
    second ? first.score - second.score : Number.POSITIVE_INFINITY,
  );
  return { kind: "code", value: first.value, confidence: sureness(margin), because: first.because, text };
}
