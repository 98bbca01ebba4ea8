import { toPlainText } from "../../plugin/plain-text.ts";
import { bearerToken, mask, maskTokens } from "./mask.ts";

/** Shorter values are masked in their own field, but not searched for elsewhere: any text would contain them. */
const shortestLookedFor = 4;

/** Longer strings are cut when shown. The agent itself gets the whole string. */
const longestShown = 20_000;

/**
 * Remembers what a run has learned to be secret, and hides it in everything that is shown of the run:
 * text, numbers and the keys of JSON. A code is found also with up to six characters between its digits that
 * are neither letters nor digits, in the digits of other scripts, and spread over the items of an array.
 */
export interface SecretMask {
  learn(secrets: Iterable<string>): void;
  text(text: string): string;
  json<T>(value: T): T;
}

export function createSecretMask(): SecretMask {
  const known = new Map<string, RegExp | string>();
  const numbers = new Set<number>();
  let patterns: (RegExp | string)[] = [];

  // Bearer tokens are masked also where the run does not know them.
  const hide = (text: string): string =>
    patterns.reduce<string>((hidden, pattern) => hidden.replaceAll(pattern, mask), maskTokens(text));

  const text = (shown: string): string => {
    const hidden = hide(toPlainText(shown));
    return hidden.length > longestShown ? `${hidden.slice(0, longestShown)}…` : hidden;
  };

  const json = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    // A code sent as a number has lost its leading zeros.
    if (typeof value === "number") return isKnownNumber(value) ? mask : value;
    if (Array.isArray(value)) return list(value);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), json(item)]));
    }
    return value;
  };

  const isKnownNumber = (value: number): boolean =>
    numbers.has(Math.abs(value)) || hide(String(value)) !== String(value);

  /** Items of which each is harmless may spell a code together. */
  const list = (items: readonly unknown[]): unknown[] => {
    const spelling = spelled(items.flat(Number.POSITIVE_INFINITY), patterns);
    let next = 0;
    const shown = (item: unknown): unknown => {
      if (Array.isArray(item)) return item.map(shown);
      return spelling.has(next++) ? mask : json(item);
    };
    return items.map(shown);
  };

  const add = (secret: string): void => {
    if (significant(secret).length < shortestLookedFor || known.has(secret)) return;
    known.set(secret, patternOf(secret));
    const digits = asciiDigits(secret);
    if (/^\d+$/.test(digits)) numbers.add(Number(digits));
  };

  return {
    learn: (secrets) => {
      const before = known.size;
      for (const secret of secrets) {
        add(secret.trim());
        // A token is its prefix and 43 characters that are all of the secret.
        for (const [, random = ""] of secret.matchAll(bearerToken)) add(random);
      }
      // The longest first: a secret that contains another one must not be left half visible.
      if (known.size > before) {
        patterns = [...known].toSorted(([a], [b]) => b.length - a.length).map(([, pattern]) => pattern);
      }
    },
    text,
    json: <T>(value: T): T => json(value) as T,
  };
}

const insignificant = /[\s\p{Pd}.,_*`·\u200b-\u200d\u2060\u00ad\ufeff]/gu;
const significant = (secret: string): string => secret.replace(insignificant, "");

/** Where the digits of ASCII, full width, Arabic-Indic and extended Arabic-Indic begin. */
const zeros = [0x30, 0xff10, 0x660, 0x6f0];

const asciiDigits = (text: string): string =>
  text.replace(/[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g, (digit) =>
    String(zeros.map((zero) => digit.charCodeAt(0) - zero).find((value) => value >= 0 && value <= 9)),
  );

const spellings = (digit: string): string =>
  `[${zeros.map((zero) => String.fromCharCode(zero + Number(digit))).join("")}]`;

/**
 * No digit is a separator, so from any place there is one way to match and at most 84 characters to look at:
 * the time grows with the text and no faster.
 */
function patternOf(secret: string): RegExp | string {
  const bare = asciiDigits(significant(secret));
  return /^\d{4,12}$/.test(bare)
    ? new RegExp([...bare].map(spellings).join("[^\\p{L}\\p{N}]{0,6}"), "gu")
    : secret;
}

/** Which of these items spell a code together with others. */
function spelled(items: readonly unknown[], patterns: readonly (RegExp | string)[]): ReadonlySet<number> {
  const found = new Set<number>();
  const ends: number[] = [];
  let joined = "";
  for (const item of items) {
    // A value that is neither text nor a number separates the values before and after it, as a letter does.
    joined += typeof item === "string" || typeof item === "number" ? `${item},` : "x";
    ends.push(joined.length);
  }
  for (const pattern of patterns) {
    if (typeof pattern === "string") continue;
    let item = 0;
    for (const { index, 0: match } of joined.matchAll(pattern)) {
      while ((ends[item] ?? joined.length) <= index) item++;
      const first = item;
      while ((ends[item] ?? joined.length) < index + match.length) item++;
      // Within one item only the code itself is hidden, not the text around it.
      if (item > first) for (let spelling = first; spelling <= item; spelling++) found.add(spelling);
    }
  }
  return found;
}
