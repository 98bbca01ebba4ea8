import { Transform } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { hideSecrets, secretSpans } from "../redaction/hide-secrets.ts";
import { mask } from "../redaction/mask.ts";

/** The most that is held back while a stream goes on, in characters. */
const mostHeld = 1024 * 1024;
/** How far back a run of base64 is kept together. */
const longestRun = 64 * 1024;
/** Pictures and archives hold any short row of bytes by chance. */
const shortestInBytes = 8;

/**
 * Hides values in a stream of text or bytes. What may be the beginning of a value is held back until its end is there:
 * a few times the longest value. Events of a stream and lines of JSON are passed on as soon as they are whole.
 */
export function hideInStream(values: readonly string[], contentType: string): Transform {
  const isText = /^text\/|[/+-](json|xml|javascript|jsonl|ndjson|x-www-form-urlencoded)|graphql|yaml/i.test(
    contentType,
  );
  const sought = isText ? values : values.filter((value) => value.length >= shortestInBytes).map(asBytes);
  const [hide, spansIn] = [hideSecrets(sought), secretSpans(sought)];
  // A letter may be written with up to 12 characters, and a digit with separators around it.
  const window = 256 + 24 * Math.max(0, ...sought.map(({ length }) => length));
  const end = /event-stream/i.test(contentType)
    ? "\n\n"
    : /ndjson|jsonl|json-seq/i.test(contentType)
      ? "\n"
      : "";
  const decoder = new StringDecoder(isText ? "utf8" : "latin1");
  // The mask is no letter of Latin-1.
  const bytes = (text: string) =>
    isText ? Buffer.from(text) : Buffer.from(text.replaceAll(mask, "******"), "latin1");
  let held = "";
  const cutOf = (): number => {
    const whole = end === "" ? -1 : held.lastIndexOf(end);
    if (whole >= 0) return whole + end.length;
    const latest = held.length - window;
    if (latest <= 0) return 0;
    const cut = outside(spansIn(held), beforeRun(held, latest));
    return cut <= 0 && held.length > mostHeld ? latest : cut;
  };
  return new Transform({
    transform(chunk, _encoding, done) {
      held += decoder.write(chunk);
      const cut = cutOf();
      if (cut <= 0) return done();
      const shown = hide(held.slice(0, cut));
      held = held.slice(cut);
      done(null, bytes(shown));
    },
    flush(done) {
      const rest = hide(held + decoder.end());
      held = "";
      done(null, rest === "" ? undefined : bytes(rest));
    },
  });
}

const asBytes = (text: string): string => Buffer.from(text).toString("latin1");

/** The place, or the beginning of what lies over it. */
const outside = (spans: readonly (readonly [number, number])[], place: number): number =>
  spans.reduce((cut, [start, end]) => (start < cut && cut < end ? start : cut), place);

/** Where a run of base64 begins that goes over the place; in a very long one, the place itself. */
function beforeRun(text: string, place: number): number {
  let start = place;
  while (start > 0 && /[A-Za-z0-9+/_=-]/.test(text.charAt(start - 1))) {
    start -= 1;
    if (place - start > longestRun) return place;
  }
  return start;
}
