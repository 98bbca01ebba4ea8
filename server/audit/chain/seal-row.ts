import { type KeyObject, sign, verify } from "node:crypto";
import { sql } from "kysely";
import { utcText } from "./chain-row.ts";

/** A seal as it is read: the links of a batch of rows, and what its signature says of them. */
export interface SealRow {
  readonly workspace_id: string;
  readonly first_sequence: number;
  readonly last_sequence: number;
  readonly event_ids: readonly number[];
  readonly hashes: Uint8Array;
  readonly last_event_id: number;
  readonly settled_id: number;
  readonly found_unsealed: number;
  /** In UTC, with microseconds. */
  readonly sealed_at: string;
  readonly key_id: string;
  readonly signature: string;
}

/** The columns of SealRow, of a row of audit_seal under the alias s. A changed number may not fit; a double takes any. */
export const sealColumns = sql`s.workspace_id, s.first_sequence::float8 as first_sequence,
  s.last_sequence::float8 as last_sequence, array_to_json(s.event_ids) as event_ids, s.hashes,
  s.last_event_id::float8 as last_event_id, s.settled_id::float8 as settled_id, s.found_unsealed, ${utcText("s.sealed_at")} as sealed_at, s.key_id, s.signature`;

export type SealStatement = Omit<SealRow, "event_ids" | "hashes" | "signature"> & {
  /** The hash before the first row, and that of the last. */
  readonly previous: string;
  readonly hash: string;
};

/** A seal as it is stored outside the database. */
export interface SignedSeal {
  readonly statement: SealStatement;
  readonly signature: string;
}

/** What is signed, in the form of RFC 8785. It covers the ids of the rows too: each is in its row's hash. */
export const canonicalSeal = (seal: SealStatement): string =>
  JSON.stringify({
    first_sequence: seal.first_sequence,
    found_unsealed: seal.found_unsealed,
    hash: seal.hash,
    key_id: seal.key_id,
    last_event_id: seal.last_event_id,
    last_sequence: seal.last_sequence,
    previous: seal.previous,
    sealed_at: seal.sealed_at,
    settled_id: seal.settled_id,
    type: "totem audit seal 1",
    workspace_id: seal.workspace_id,
  });

export const signSeal = (seal: SealStatement, privateKey: KeyObject): string =>
  sign(null, Buffer.from(canonicalSeal(seal)), privateKey).toString("base64url");

/** False also for another spelling of the right signature: base64url has unused bits at its end. */
export function isSigned(seal: SealStatement, signature: string, publicKey: KeyObject): boolean {
  const bytes = Buffer.from(signature, "base64url");
  if (bytes.toString("base64url") !== signature) return false;
  return verify(null, Buffer.from(canonicalSeal(seal)), publicKey, bytes);
}

const hashBytes = 32;

/** The hash of the row at this place of a seal, in hex. */
export const hashAt = (hashes: Uint8Array, index: number): string =>
  Buffer.from(hashes.buffer, hashes.byteOffset + index * hashBytes, hashBytes).toString("hex");

export const countHashes = (hashes: Uint8Array): number => hashes.byteLength / hashBytes;

/** The same form as `utcText` gives. */
export const utcTextOf = (time: Date): string => time.toISOString().replace("Z", "000Z");
