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
  /** Words of the line that mean nothing. */
  readonly unread: readonly string[];
}

export const reachMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const rate = /^(\d{1,6})\/min(?:ute)?$/i;

/** @example readReachLines("https://a.example get 5/minute") // [{ origin: "https://a.example", methods: ["GET"], perMinute: 5, unread: [] }] */
export const readReachLines = (text: string): ReachLine[] =>
  text.split("\n").flatMap((line) => {
    const [origin, ...words] = line.split(/[\s,]+/).filter((word) => word !== "");
    if (origin === undefined) return [];
    const rates = words.filter((word) => rate.test(word));
    const methods = words.map((word) => word.toUpperCase()).filter((word) => reachMethods.includes(word));
    return [
      {
        origin,
        methods: [...new Set(methods)],
        perMinute: rates[0] === undefined ? undefined : Number.parseInt(rates[0], 10),
        unread: words.filter(
          (word, index) =>
            !reachMethods.includes(word.toUpperCase()) && !(rate.test(word) && words.indexOf(word) === index),
        ),
      },
    ];
  });

/** The most addresses that one sentence names. */
const mostNamed = 4;

/**
 * Where an agent may send requests, in a sentence. What its model is asked over is not among it.
 *
 * @example reachSentence("https://api.github.com GET") // "May send requests to https://api.github.com (GET) only."
 */
export function reachSentence(setting: unknown): string {
  const lines = readReachLines(typeof setting === "string" ? setting : "");
  if (lines.length === 0) return "May send requests wherever the operator's list allows.";
  const named = lines.slice(0, mostNamed).map(({ origin, methods, perMinute }) => {
    const limits = [
      ...(methods.length > 0 ? [methods.join(", ")] : []),
      ...(perMinute === undefined ? [] : [`at most ${perMinute} a minute`]),
    ];
    return limits.length > 0 ? `${origin} (${limits.join("; ")})` : origin;
  });
  const more = lines.length - named.length;
  const last = more > 0 ? `${more} more` : named.pop();
  return `May send requests to ${[...(named.length > 0 ? [named.join(", ")] : []), last].join(" and ")} only.`;
}

const shape = String.raw`https?:\/\/(?:\*\.)?[^\s,\/?#@\\*]+\/?`;
const originShape = new RegExp(`^${shape}$`, "i");
const lineShape = new RegExp(
  `^\\s*(?:${shape}(?:[\\s,]+(?:${reachMethods.join("|")}|\\d{1,3}/min(?:ute)?))*)?[\\s,]*$`,
  "i",
);

/** @example splitOrigins("https://a.example, https://b.example") // ["https://a.example", "https://b.example"] */
export const splitOrigins = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== "");

/** Whether a text looks like a list of origins. `originPattern` decides, on the server. */
export const areOriginsShaped = (text: string): boolean =>
  splitOrigins(text).every((part) => originShape.test(part));

/** The number of the first line that is written wrongly, from 1; 0 where there is none. `readReach` decides, on the server. */
export const wrongReachLine = (text: string): number =>
  text.split("\n").findIndex((line) => !lineShape.test(line)) + 1;
