import { spelled, unfinishedFrom } from "./find-needles.ts";
import { readings, stripped } from "./readings.ts";

/**
 * Of a text that goes on: where a secret of several lines begins that has not ended yet. A server may send it line by
 * line; a text that ends in the middle of a line is waited for anyway.
 */
export function unfinishedSecrets(secrets: Iterable<string>): (text: string) => number | undefined {
  const sought = [...secrets].flatMap((secret) => {
    const needle = spelled(secret);
    const lines = new Set(
      [...secret.matchAll(/\n/g)].map(({ index }) => stripped(secret.slice(0, index), "letters").length),
    );
    return lines.size === 0 || needle.kind !== "letters" ? [] : [{ needle, lines }];
  });
  const longest = Math.max(0, ...sought.map(({ needle }) => needle.text.length));
  const kinds = new Set(["letters"] as const);
  return (text) => {
    if (sought.length === 0) return undefined;
    // Each letter may be an escape, and each line has a word before it.
    const tail = Math.max(0, text.length - 24 * longest - 256);
    const starts = [...readings(text.slice(tail), kinds)].flatMap((reading) =>
      sought.map(({ needle, lines }) => unfinishedFrom(reading, needle, lines)),
    );
    const found = starts.filter((start) => start !== undefined);
    return found.length === 0 ? undefined : tail + Math.min(...found);
  };
}
