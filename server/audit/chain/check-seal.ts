import type { KeyObject } from "node:crypto";
import { type ChainRow, linkHash } from "./chain-row.ts";
import { countHashes, hashAt, isSigned, type SealRow, type SealStatement } from "./seal-row.ts";

export interface ChainFault {
  readonly kind:
    | "changed"
    | "removed"
    | "moved"
    | "added"
    | "link"
    | "seal"
    | "key"
    | "rewritten"
    | "unsealed";
  readonly sequence: number | null;
  /** The row's id in the log. */
  readonly event_id: number | null;
  /** What is wrong, in a sentence. */
  readonly text: string;
}

export interface SealCheck {
  readonly seal: SealRow;
  /** At least the rows that the seal names, by id. */
  readonly rows: ReadonlyMap<number, ChainRow>;
  /** The public keys that this installation made. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** The hash and the sequence that the chain had before. */
  readonly previous: string;
  readonly sequence: number;
}

/** Computes each hash of a seal anew. Answers with what was signed, or with the first thing that is wrong. */
export function checkSeal(
  check: SealCheck,
): { readonly statement: SealStatement } | { readonly fault: ChainFault } {
  const { seal, rows, previous } = check;
  const misplaced = placeFault(check);
  if (misplaced) return { fault: misplaced };
  const { event_ids, hashes, signature: _signature, ...signed } = seal;
  const statement = { ...signed, previous, hash: hashAt(hashes, event_ids.length - 1) };
  for (const [index, id] of event_ids.entries()) {
    const sequence = seal.first_sequence + index;
    const row = rows.get(id);
    if (!row) return { fault: removed(sequence, id) };
    const before = index === 0 ? previous : hashAt(hashes, index - 1);
    const hash = linkHash(row, sequence, before);
    if (hash !== hashAt(hashes, index))
      return { fault: rowFault(check, { index, row, before, hash, statement }) };
  }
  const fault = signatureFault(check, statement);
  return fault ? { fault } : { statement };
}

const sealFault = ({ first_sequence, event_ids }: SealRow, text: string): ChainFault => ({
  kind: "seal",
  sequence: first_sequence,
  event_id: event_ids[0] ?? null,
  text,
});

const removed = (sequence: number, id: number): ChainFault => ({
  kind: "removed",
  sequence,
  event_id: id,
  text: `Row ${id}, number ${sequence} of the chain, was removed.`,
});

function placeFault({ seal, sequence }: SealCheck): ChainFault | undefined {
  const { first_sequence, last_sequence, event_ids, hashes } = seal;
  if (first_sequence > sequence + 1)
    return {
      kind: "removed",
      sequence: sequence + 1,
      event_id: null,
      text: `The seal of row ${sequence + 1} of the chain was removed.`,
    };
  if (first_sequence <= sequence)
    return sealFault(seal, `A seal was added at row ${first_sequence} of the chain.`);
  const rows = event_ids.length;
  const whole = rows > 0 && last_sequence === first_sequence + rows - 1 && countHashes(hashes) === rows;
  if (!whole || highestOf(event_ids) !== seal.last_event_id)
    return sealFault(seal, `The seal that begins at row ${first_sequence} of the chain was changed.`);
  return undefined;
}

/** Not Math.max: a changed seal may hold more ids than a call takes. */
const highestOf = (ids: readonly number[]): number =>
  ids.reduce((highest, id) => Math.max(highest, id), Number.NEGATIVE_INFINITY);

function signatureFault({ seal, keys }: SealCheck, statement: SealStatement): ChainFault | undefined {
  const key = keys.get(seal.key_id);
  const { first_sequence: first, last_sequence: last } = seal;
  if (!key)
    return {
      ...sealFault(seal, `The seal of rows ${first} to ${last} names a key that is not this installation's.`),
      kind: "key",
    };
  if (!isSigned(statement, seal.signature, key))
    return sealFault(seal, `The seal of rows ${first} to ${last} was changed: its signature does not fit.`);
  return undefined;
}

interface Mismatch {
  readonly index: number;
  readonly row: ChainRow;
  /** The stored hash before it. */
  readonly before: string;
  readonly hash: string;
  readonly statement: SealStatement;
}

/** A row whose hash is not the stored one: what comes after tells which of the two was changed. */
function rowFault(check: SealCheck, mismatch: Mismatch): ChainFault {
  const { seal } = check;
  const { index, row, before } = mismatch;
  const sequence = seal.first_sequence + index;
  const name = `Row ${row.id}, number ${sequence} of the chain,`;
  const fault = { sequence, event_id: row.id };
  if (isLinkChanged(check, mismatch))
    return {
      ...fault,
      kind: "link",
      text: `The stored hash of row ${row.id}, number ${sequence}, was changed.`,
    };
  const from = seal.event_ids
    .map((id) => check.rows.get(id))
    .find(
      (other) => other && linkHash({ ...other, id: row.id }, sequence, before) === hashAt(seal.hashes, index),
    );
  if (from)
    return { ...fault, kind: "moved", text: `${name} was moved: its content is in row ${from.id} now.` };
  return { ...fault, kind: "changed", text: `${name} was changed.` };
}

function isLinkChanged({ seal, rows, keys }: SealCheck, { index, hash, statement }: Mismatch): boolean {
  const nextId = seal.event_ids[index + 1];
  if (nextId === undefined) {
    const key = keys.get(seal.key_id);
    return key !== undefined && isSigned({ ...statement, hash }, seal.signature, key);
  }
  const next = rows.get(nextId);
  const nextSequence = seal.first_sequence + index + 1;
  return next !== undefined && linkHash(next, nextSequence, hash) === hashAt(seal.hashes, index + 1);
}
