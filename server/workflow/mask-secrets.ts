import { storableText } from "./unstorable-text.ts";

export const mask = "••••••";

/** Bearer tokens are masked wherever they turn up, whether or not this run knows them. */
const bearerToken = /\btotem_(?:key|agent|session|link)_[A-Za-z0-9_-]{43}/g;

export const maskTokens = (text: string): string => text.replace(bearerToken, mask);

/** Shorter values are masked where they stand, but not looked for elsewhere: they would be found in any text. */
const shortestLookedFor = 4;

/** Longer strings are cut when shown. The agent itself is given all of them. */
const longestShown = 20_000;

/**
 * Remembers what a run has learned to be secret, and hides it in everything that is shown of the run:
 * text, numbers and the keys of JSON. A code is found also with spaces or dashes between its digits,
 * as models like to write it.
 */
export interface SecretMask {
  learn(secrets: Iterable<string>): void;
  text(text: string): string;
  json<T>(value: T): T;
}

export function createSecretMask(): SecretMask {
  const known = new Set<string>();
  let patterns: (RegExp | string)[] = [];

  const hide = (text: string): string =>
    patterns.reduce<string>(
      (hidden, pattern) => hidden.replaceAll(pattern, mask),
      text.replace(bearerToken, mask),
    );

  const text = (shown: string): string => {
    const hidden = hide(storableText(shown));
    return hidden.length > longestShown ? `${hidden.slice(0, longestShown)}…` : hidden;
  };

  const json = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    // A code sent as a number has lost its leading zeros.
    if (typeof value === "number") return isKnownNumber(value) ? mask : value;
    if (Array.isArray(value)) return value.map(json);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), json(item)]));
    }
    return value;
  };

  const isKnownNumber = (value: number): boolean =>
    Number.isInteger(value) && [...known].some((secret) => /^\d+$/.test(secret) && Number(secret) === value);

  return {
    learn: (secrets) => {
      const before = known.size;
      for (const secret of secrets) {
        const trimmed = secret.trim();
        if (significant(trimmed).length >= shortestLookedFor && trimmed !== mask) known.add(trimmed);
      }
      // The longest first: a secret that contains another one must not be left half visible.
      if (known.size > before) {
        patterns = [...known].toSorted((a, b) => b.length - a.length).map(patternOf);
      }
    },
    text,
    json: <T>(value: T): T => json(value) as T,
  };
}

const separators = "[\\s\\p{Pd}.,_*`·\\u200b-\\u200d\\ufeff]";
const significant = (secret: string): string => secret.replaceAll(new RegExp(separators, "gu"), "");

function patternOf(secret: string): RegExp | string {
  const bare = significant(secret);
  return /^\d{4,12}$/.test(bare) ? new RegExp([...bare].join(`${separators}{0,3}`), "gu") : secret;
}
