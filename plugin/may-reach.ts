import { reachOrigin } from "./origin.ts";
import { reachMethods, reachRate, readReachLines } from "./reach-words.ts";

/** The most lines, and the highest rate: each call of the last minute is a time in a row of the database. */
const mostLines = 50;
const highestRate = 600;

/** Where an agent may send requests, and how often. */
export interface ReachRule {
  /** In its normal form. */
  readonly origin: string;
  /** Empty: all. */
  readonly methods: readonly string[];
  readonly perMinute: number | undefined;
}

/** The rules of the setting, or what is wrong with it, with the number of the line. */
export function readReach(text: string): readonly ReachRule[] | string {
  const lines = readReachLines(text);
  if (lines.length > mostLines) return `At most ${mostLines} lines.`;
  const rules: ReachRule[] = [];
  for (const [index, { origin, methods, perMinute, words }] of lines.entries()) {
    const read = reachOrigin.safeParse(origin);
    const at = `Line ${index + 1}: `;
    if (!read.success) return `${at}${read.error.issues[0]?.message ?? "Must begin with an origin."}`;
    const rates = words.filter((word) => reachRate.test(word));
    if (rates.length > 1 || !words.every((word) => reachMethods.includes(word) || rates.includes(word)))
      return `${at}After the address, write methods and a rate, such as GET, POST 60/minute.`;
    if (perMinute !== undefined && (perMinute < 1 || perMinute > highestRate))
      return `${at}The rate must be between 1 and ${highestRate} a minute.`;
    if (rules.some((rule) => rule.origin === read.data)) return `${at}This address is in a line before.`;
    rules.push({ origin: read.data, methods, perMinute });
  }
  return rules;
}
