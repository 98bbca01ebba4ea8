import { mask } from "./mask.ts";

/**
 * Hides secrets in an answer, keys and numbers too, in the forms a server may repeat them in: with spaces or hyphens
 * in between, without leading zeros, URL-encoded, escaped as in JSON or HTML, and inside of base64 of either alphabet.
 */
export function hideSecrets(secrets: Iterable<string>): <A>(answer: A) => A {
  // The longest first: a secret that contains another one must not be left half visible.
  const sorted = [...new Set(secrets)].filter(Boolean).toSorted((a, b) => b.length - a.length);
  const patterns = sorted.flatMap(patternsOf);
  const hide = (text: string): string => {
    const encoded = text.replace(base64Run, (run) => (decodesToAny(run, sorted) ? mask : run));
    return patterns.reduce((shown, pattern) => shown.replace(pattern, mask), encoded);
  };
  return (answer) => mapStrings(answer, hide);
}

function patternsOf(secret: string): RegExp[] {
  const [, significant] = /^0+(\d+)$/.exec(secret) ?? [];
  return [
    new RegExp(spelled(secret), "giu"),
    // Sent as a number: the whole number, not a part of a longer one.
    ...(significant === undefined ? [] : [new RegExp(`(?<![\\d.])${significant}(?![\\d])`, "g")]),
  ];
}

/** No digit or letter separates, so there is one way to match from any place and few characters to look at. */
const separators = "(?:%[0-9a-f]{2}|[^\\p{L}\\p{N}]){0,6}";

const spelled = (secret: string): string => {
  const between = /^\d+$/.test(secret) ? separators : "(?:%20|[\\s-])?";
  return [...secret]
    .map((letter) => `(?:${[literal(letter), percentEncoded(letter), ...escaped(letter)].join("|")})`)
    .join(between);
};
const literal = (letter: string): string => letter.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
/** As JSON and HTML write it, also twice where JSON is a text in JSON. A plus may be a space in a form. */
const escaped = (letter: string): string[] => {
  if (/[\p{L}\p{N}]/u.test(letter)) return [];
  const inJson = JSON.stringify(letter).slice(1, -1);
  const twice = JSON.stringify(inJson).slice(1, -1);
  const code = letter.codePointAt(0) ?? 0;
  const named = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }[letter];
  return [
    ...(inJson === letter ? [] : [twice, inJson].map(literals)),
    `\\\\u${code.toString(16).padStart(4, "0")}`,
    `&#(?:0*${code}|x0*${code.toString(16)});`,
    ...(named === undefined ? [] : [`&${named};`]),
    ...(letter === " " ? ["\\+"] : []),
    ...(letter === "/" ? ["\\\\/"] : []),
  ];
};
const literals = (text: string): string => [...text].map(literal).join("");
const percentEncoded = (letter: string): string =>
  [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** Eight characters hold a code of six digits; where a run begins to be base64 is not known. */
const base64Run = /[A-Za-z0-9+/_-]{8,}/g;
const decodesToAny = (run: string, secrets: readonly string[]): boolean =>
  [0, 1, 2, 3].some((start) => {
    const decoded = Buffer.from(run.slice(start), "base64").toString("latin1");
    return secrets.some((secret) => decoded.includes(Buffer.from(secret).toString("latin1")));
  });

/** Where the text holds a secret, in any spelling but base64: for streams, which must not be cut there. */
export function secretSpans(secrets: Iterable<string>): (text: string) => (readonly [number, number])[] {
  const patterns = [...new Set(secrets)].filter(Boolean).flatMap(patternsOf);
  return (text) =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].map(({ index, 0: found }) => [index, index + found.length] as const),
    );
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
