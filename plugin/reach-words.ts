/**
 * Where an agent may send requests, as people write it in its settings: one address a line, then, if there are any,
 * methods and a rate. This file needs no schema library: canvases say the same in words.
 *
 * @example
 * https://api.github.com GET, POST 60/minute
 * https://*.example.com
 */
export interface ReachLine {
  readonly origin: string;
  /** Empty: all. */
  readonly methods: readonly string[];
  readonly perMinute: number | undefined;
  /** All words after the address. */
  readonly words: readonly string[];
}

export const reachMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
export const reachRate = /^(\d{1,6})\/min(?:ute)?$/i;

/** @example readReachLines("https://a.example get 5/minute") // [{ origin: "https://a.example", methods: ["GET"], perMinute: 5, … }] */
export const readReachLines = (text: string): ReachLine[] =>
  text.split("\n").flatMap((line) => {
    const [origin, ...words] = splitOrigins(line.toUpperCase());
    if (origin === undefined) return [];
    const rate = words.find((word) => reachRate.test(word));
    return {
      origin: origin.toLowerCase(),
      methods: reachMethods.filter((method) => words.includes(method)),
      perMinute: rate === undefined ? undefined : Number.parseInt(rate, 10),
      words,
    };
  });

/** The most addresses that one sentence names. */
const mostNamed = 4;

/**
 * Where an agent may send requests, in a sentence. What its model is asked over is not among it.
 *
 * @example reachSentence("https://api.github.com GET") // "May send requests to https://api.github.com (GET) only."
 */
export function reachSentence(setting: unknown): string {
  const lines = readReachLines(String(setting ?? ""));
  const more = lines.length - mostNamed;
  const named = lines.slice(0, mostNamed).map(({ origin, methods, perMinute }) => {
    const limits = [methods.join(", "), perMinute && `at most ${perMinute} a minute`].filter(Boolean);
    return limits.length > 0 ? `${origin} (${limits.join("; ")})` : origin;
  });
  return `May send requests ${
    named.length > 0
      ? `to ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""} only`
      : "wherever the operator's list allows"
  }.`;
}

const lineShape =
  /^\s*(?:https?:\/\/(?:\*\.)?[^\s,/?#@\\*]+\/?(?:[\s,]+(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|\d{1,3}\/min(?:ute)?))*)?[\s,]*$/i;

/** @example splitOrigins("https://a.example, https://b.example") // ["https://a.example", "https://b.example"] */
export const splitOrigins = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== "");

/** Whether a text looks like a list of origins. `originPattern` decides, on the server. */
export const areOriginsShaped = (text: string): boolean =>
  splitOrigins(text).every((part) => lineShape.test(part));

/** The number of the first line that is written wrongly, from 1; 0 where there is none. `readReach` decides, on the server. */
export const wrongReachLine = (text: string): number =>
  text.split("\n").findIndex((line) => !lineShape.test(line)) + 1;
