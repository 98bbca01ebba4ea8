import type { Address } from "./addresses.ts";
import type { Candidate } from "./candidate.ts";
import { findCandidates, mostCandidates } from "./find-candidates.ts";
import { findLabels } from "./labels.ts";
import type { Message } from "./message.ts";
import { type Choice, type IncomingMessage, type Reading, type Reason, sureness } from "./reading.ts";
import { type Scored, scoreCandidates } from "./score-candidates.ts";
import type { SeenLink } from "./seen-html.ts";
import { decideLink, scoreLinks, valuesInLinks } from "./sign-in-links.ts";
import { enough, lead, weights } from "./weights.ts";

/** The most reasons for numbers that are not codes. A table of amounts needs no explanation line by line. */
const mostDismissed = 5;

/** How sure "none" is of a message without a single candidate, in points. */
const nothingToSee = 3;

interface Found {
  readonly addresses: Address[];
  readonly links: SeenLink[];
}

/** A code before a link, and neither before a doubt. */
export function decide(
  message: Message,
  { addresses, links, from, want }: Found & Pick<IncomingMessage, "from" | "want">,
): Reading {
  const { candidates, dismissals } = findCandidates(message, addresses);
  const inLinks = valuesInLinks(message.text, addresses);
  const ranked = distinct(scoreCandidates(message, { candidates, labels: findLabels(message), inLinks }));
  const code = want === "link" ? undefined : decideCode(message, candidates, ranked);
  const link = () =>
    want === "code" ? undefined : decideLink(message.text, scoreLinks(message, links, from));
  const reading = code ??
    link() ?? {
      kind: "none" as const,
      confidence: sureness(ranked[0] ? enough - ranked[0].score : nothingToSee),
      because: [],
      text: message.text,
    };
  if (reading.kind === "none") {
    const [best] = ranked;
    const because: Reason[] = [{ rule: "nothing", text: "Nothing in it looks like a code." }];
    if (best) {
      const { start, end } = best;
      because[0] = {
        rule: "not-enough",
        text: "A number is there, and too little says that it is a code.",
        start,
        end,
      };
      because.push(...best.because);
    }
    for (const { start, end, because: why } of dismissals.slice(0, mostDismissed))
      because.push({ rule: "dismissed", text: `Not a code: ${why}.`, start, end });
    reading.because = because;
  }
  if (candidates.length >= mostCandidates)
    reading.because.push({
      rule: "cut",
      text: "It has more numbers than are weighed; the rest was not looked at.",
    });
  return reading;
}

/** One for each value, best first; a value said twice counts a little more. */
function distinct(scored: Scored[]): Scored[] {
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
  for (const { start, end } of message.words.of("machineTalk")) {
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
function decideCode(message: Message, candidates: Candidate[], ranked: Scored[]): Reading | undefined {
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

/**
 * The last line of an SMS written for a browser: "@example.com #123456", perhaps "@top.example #123456 @example.com"
 * (Web Platform Incubator, "Origin-bound one-time codes delivered via SMS", section 3.1). The host is part of
 * the message's promise, so nothing is more certain.
 */
type OriginBound = { value: string; host: string; start: number; end: number };

const form = /^@((?:[a-z0-9-]{1,63}\.){0,8}[a-z0-9-]{1,63}) #([^\s#@]{3,40})(?: @[a-z0-9.-]{1,253})?$/i;

function findOriginBound({ text, body }: Message): OriginBound | undefined {
  const trimmed = text.trimEnd();
  const lineStart = Math.max(body, trimmed.lastIndexOf("\n") + 1);
  const line = trimmed.slice(lineStart);
  if (line.length > 400) return undefined;
  const found = form.exec(line);
  if (!found) return undefined;
  const [, host = "", value = ""] = found;
  const start = lineStart + host.length + 3;
  return { value, host: host.toLowerCase(), start, end: start + value.length };
}
