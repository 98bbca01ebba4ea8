import { type ChainRow, canonicalLink, linkHash } from "./chain/chain-row.ts";

/** A row of the log at its place in the chain. */
export interface ChainedEvent {
  readonly sequence: number;
  /** Of the row before it, in hex. */
  readonly previous: string;
  readonly hash: string;
  readonly row: ChainRow;
}

/**
 * One event as one line of JSON: what was hashed, and the hash. Signs that a terminal or a line reader obeys are
 * escaped. JSON escapes those below a space itself.
 */
export function chainLine({ row, sequence, previous, hash }: ChainedEvent): string {
  const content = canonicalLink(row, sequence, previous).slice(0, -1);
  return `${content},"hash":${JSON.stringify(hash)}}`.replace(/[\p{C}\u2028\u2029]/gu, (sign) =>
    sign.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** What a line says, and whether its content has its hash. Undefined where it is no line of the log. */
export function readChainLine(
  line: string,
):
  | { readonly sequence: number; readonly previous: string; readonly hash: string; readonly isWhole: boolean }
  | undefined {
  const { hash, previous, sequence, ...row } = parseObject(line);
  if (typeof hash !== "string" || typeof previous !== "string" || !Number.isSafeInteger(sequence))
    return undefined;
  const place = Number(sequence);
  const counter = row.counter === null || row.counter === undefined ? null : String(row.counter);
  const content = { ...row, counter } as unknown as ChainRow;
  // Written again from what was read, to the byte: a field that is written twice, is not part of a row or is another
  // type changes the text. A reader that is not ours may take the other one.
  const isWhole =
    linkHash(content, place, previous) === hash &&
    chainLine({ row: content, sequence: place, previous, hash }) === line;
  return { sequence: place, previous, hash, isWhole };
}

function parseObject(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
