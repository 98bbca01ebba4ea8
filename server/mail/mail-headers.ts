/**
 * A field of the header section as it came. The section is read here once, with limits: libraries that read mail tend
 * to be quadratic in the number of its lines.
 */
export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** Everything after the colon, unfolded; one character a byte. */
  readonly value: string;
  /** As it came, folds and all, without the last line end. */
  readonly raw: string;
}

export interface MailHeaders {
  readonly fields: readonly HeaderField[];
  /** Where the body begins. */
  readonly bodyStart: number;
}

/** Postfix stops at 100 KB; the longest real ones, of mailing lists, have some 60 KB. */
const mostBytes = 256 * 1024;
const mostLines = 2_000;

const newline = 10;
const carriageReturn = 13;

/** Where the empty line after the headers ends, or undefined when there is none within the limit. */
function findBody(raw: Uint8Array): number | undefined {
  const end = Math.min(raw.length, mostBytes);
  let lineStart = 0;
  for (let lines = 0; lines <= mostLines; lines += 1) {
    const at = raw.indexOf(newline, lineStart);
    if (at < 0 || at >= end) return raw.length <= mostBytes ? raw.length : undefined;
    const length = at - lineStart - (raw[at - 1] === carriageReturn ? 1 : 0);
    if (length <= 0) return at + 1;
    lineStart = at + 1;
  }
  return undefined;
}

/** Undefined when the header section is longer than anything a mail program writes. */
export function readHeaders(raw: Uint8Array): MailHeaders | undefined {
  const bodyStart = findBody(raw);
  if (bodyStart === undefined) return undefined;
  const section = Buffer.from(raw.buffer, raw.byteOffset, bodyStart).toString("latin1");
  const joined: string[][] = [];
  for (const line of section.split(/\r?\n/)) {
    if (line === "") continue;
    if (/^[ \t]/.test(line)) joined.at(-1)?.push(line);
    else joined.push([line]);
  }
  const fields = joined.flatMap((lines): HeaderField[] => {
    const colon = lines[0]?.indexOf(":") ?? -1;
    if (colon <= 0) return [];
    const whole = lines.join("");
    return [
      {
        name: whole.slice(0, colon).trim().toLowerCase(),
        value: whole.slice(colon + 1).trim(),
        raw: lines.join("\r\n"),
      },
    ];
  });
  return { fields, bodyStart };
}

/** RFC 5322 section 3.6 allows these once. Of two, programs show and sign different ones. */
const singular = ["from", "subject", "date", "to", "cc", "message-id", "content-type", "mime-version"];

export function repeatedFields({ fields }: MailHeaders): readonly string[] {
  return singular.filter((name) => fields.filter((field) => field.name === name).length > 1);
}
