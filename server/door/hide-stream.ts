import { Transform } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { hideSecrets, secretSpans } from "../redaction/hide-secrets.ts";
import { mask, plainMask } from "../redaction/mask.ts";
import { unfinishedSecrets } from "../redaction/unfinished-secrets.ts";

/** The most that is held back while a stream goes on, in characters. */
const mostHeld = 1024 * 1024;
/** Pictures and archives hold any short row of bytes by chance. */
const shortestInBytes = 8;

/**
 * Hides values in a stream of text or bytes. What may be the beginning of a value is held back until its end is there:
 * a few times the longest value. Events of a stream and lines of JSON are passed on as soon as they are whole. The
 * values are asked for at each piece: another request may be given one while this answer is open.
 */
export function hideInStream(valuesNow: () => readonly string[], contentType: string): Transform {
  const isText = /^text\/|[/+-](json|xml|javascript|jsonl|ndjson|x-www-form-urlencoded)|graphql|yaml/i.test(
    contentType,
  );
  const end = /event-stream/i.test(contentType)
    ? "\n\n"
    : /ndjson|jsonl|json-seq/i.test(contentType)
      ? "\n"
      : "";
  const decoder = new StringDecoder(isText ? "utf8" : "latin1");
  // The mask is no letter of Latin-1.
  const bytes = (text: string) =>
    isText ? Buffer.from(text) : Buffer.from(text.replaceAll(mask, plainMask), "latin1");
  let held = "";
  let nextLook = 0;
  let hider = hiderOf([]);
  const look = (): void => {
    const values = isText
      ? valuesNow()
      : valuesNow()
          .filter((value) => value.length >= shortestInBytes)
          .map(asBytes);
    if (values.length === hider.values.length && values.every((value, at) => value === hider.values[at]))
      return;
    hider = hiderOf(values);
    nextLook = 0;
  };
  const isDue = (piece: string): boolean =>
    held.length >= nextLook || (end !== "" && held.slice(-piece.length - 1).includes(end));
  const cutOf = (): number => {
    const whole = end === "" ? -1 : held.lastIndexOf(end);
    if (whole >= 0) {
      const cut = whole + end.length;
      const open = hider.unfinished(held.slice(0, cut));
      if (open === undefined) return cut;
      const before = open === 0 ? -1 : held.lastIndexOf(end, open - 1);
      if (held.length <= mostHeld) return before < 0 ? 0 : before + end.length;
    }
    const latest = held.length - hider.window;
    if (latest <= 0) return 0;
    const over = hider.spansIn(held).find(([from, to]) => from < latest && latest < to);
    if (!over) return latest;
    return over[0] === 0 && held.length > mostHeld ? over[1] : over[0];
  };
  const pass = (chunk: Buffer): Buffer | undefined => {
    look();
    // Nothing to hide: byte for byte as it came.
    if (hider.values.length === 0 && held === "") return chunk;
    const piece = decoder.write(chunk);
    held += piece;
    if (!isDue(piece)) return undefined;
    const cut = cutOf();
    const shown = hider.hide(held.slice(0, cut));
    held = held.slice(cut);
    // In pieces of some size, so that a server which sends single letters does not have all looked at for each.
    nextLook = Math.max(held.length, hider.window) * 1.5;
    return shown === "" ? undefined : bytes(shown);
  };
  return new Transform({
    transform(chunk, _encoding, done) {
      attempt(done, () => pass(chunk));
    },
    flush(done) {
      attempt(done, () => {
        look();
        const rest = hider.hide(held + decoder.end());
        held = "";
        return rest === "" ? undefined : bytes(rest);
      });
    },
  });
}

type Done = (error?: Error | null, data?: Buffer) => void;

function attempt(done: Done, work: () => Buffer | undefined): void {
  let result: Buffer | undefined;
  try {
    result = work();
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, result);
}

const hiderOf = (values: readonly string[]) => ({
  values,
  hide: hideSecrets(values),
  spansIn: secretSpans(values),
  unfinished: unfinishedSecrets(values),
  // A letter may be written with up to 12 characters, and a digit with separators around it.
  window: values.length === 0 ? 0 : 256 + 24 * Math.max(...values.map(({ length }) => length)),
});

const asBytes = (text: string): string => Buffer.from(text).toString("latin1");
