import { PluginError } from "../../plugin/plugin-error.ts";
import { findNeedles, type Needle, needlesOf } from "./find-needles.ts";
import { mask } from "./mask.ts";
import { type Kind, readings, type Span } from "./readings.ts";

/**
 * Hides secrets in an answer, keys and numbers too, in the forms a server may repeat them in: with spaces or hyphens
 * in between, without leading zeros, URL-encoded, escaped as in JSON or HTML, as hex, and inside of base64 of either
 * alphabet, also over several lines. The time grows with the answer and no faster, whatever the secrets are.
 */
export function hideSecrets(secrets: Iterable<string>): <A>(answer: A) => A {
  const spansIn = secretSpans(secrets);
  const hide = (text: string): string => {
    let shown = "";
    let end = 0;
    for (const [from, to] of spansIn(text)) {
      shown += text.slice(end, from) + mask;
      end = to;
    }
    return end === 0 ? text : shown + text.slice(end);
  };
  return (answer) => mapStrings(answer, hide);
}

/** Where a text holds a secret: in order, and none over another. */
export function secretSpans(secrets: Iterable<string>): (text: string) => Span[] {
  const needles = [...new Set(secrets)].filter(Boolean).flatMap(needlesOf);
  const shortest = Math.min(...needles.map(({ text }) => text.length));
  const kinds = new Set(needles.map(({ kind }) => kind));
  return (text) => {
    if (text.length < shortest) return [];
    try {
      return joined(searched(text, needles, kinds));
    } catch {
      // The error of a library may quote what it was given.
      throw new PluginError("INTERNAL", { message: "An answer could not be searched for secrets." });
    }
  };
}

function searched(text: string, needles: readonly Needle[], kinds: ReadonlySet<Kind>): Span[] {
  const spans: Span[] = [];
  for (const reading of readings(text, kinds))
    for (const needle of needles)
      if (needle.kind === reading.kind)
        findNeedles({ source: text, reading }, needle, (span) => spans.push(span));
  return spans;
}

/** In order; those that lie over each other become one. */
function joined(spans: Span[]): Span[] {
  const apart: [number, number][] = [];
  for (const [start, end] of spans.toSorted(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}

/** The same value with every text in it, keys too, changed; a number that is a secret is one as text. */
export function mapStrings<T>(value: T, change: (text: string) => string): T {
  const map = (part: unknown): unknown => {
    if (typeof part === "string") return change(part);
    if (typeof part === "number") {
      const text = String(part);
      const changed = change(text);
      return changed === text ? part : changed;
    }
    if (Array.isArray(part)) return part.map(map);
    if (typeof part === "object" && part !== null)
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [change(key), map(item)]));
    return part;
  };
  return map(value) as T;
}
