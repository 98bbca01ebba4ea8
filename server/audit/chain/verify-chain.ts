import type { Kysely } from "kysely";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Tables } from "../../database/tables.ts";
import type { KeyRing } from "../../secrets/key-ring.ts";
import { noHash } from "./chain-row.ts";
import { type ChainFault, checkSeal } from "./check-seal.ts";
import { EventIds } from "./event-ids.ts";
import { findRows, readSeals } from "./read-sealed.ts";
import { canonicalSeal, isSigned, type SealRow, type SealStatement, type SignedSeal } from "./seal-row.ts";
import { findPublicKeys } from "./signing-keys.ts";

export interface VerifyOptions {
  readonly workspaceId: string;
  /** Seals that were stored outside the database. The chain must still have each of them. */
  readonly witnesses?: readonly SignedSeal[] | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
  /** The time of the reader: rows that wait for a seal since long before it are a fault. */
  readonly now: Date;
}

export interface ChainReport {
  readonly workspace_id: string;
  /** How many rows the chain has. */
  readonly rows: number;
  readonly seals: number;
  readonly sealed_at: string | null;
  readonly hash: string;
  readonly key_ids: readonly string[];
  /** Rows that have no seal yet. */
  readonly unsealed: { readonly rows: number; readonly oldest_at: string | null };
  /** Rows that a process found without a seal when it began: until then a change of them left no trace. */
  readonly gaps: readonly Gap[];
  /** How many stored seals the chain was compared with. */
  readonly witnesses: number;
  readonly fault: ChainFault | null;
}

interface Gap {
  readonly first_sequence: number;
  readonly rows: number;
  readonly from: string | null;
  readonly to: string;
}

/** Rows that one statement reads. */
const page = 4_000;
const longestWaitMs = 60_000;
/** A crash leaves a longer pause than two processes that hand over do. */
const gapMs = 10_000;

/** Reads the whole chain of a workspace, in pages, and says what was changed first. */
export async function verifyChain(
  { db, keyRing }: { readonly db: Kysely<Tables>; readonly keyRing: KeyRing },
  { workspaceId, witnesses = [], onProgress, now }: VerifyOptions,
): Promise<ChainReport> {
  const keys = await findPublicKeys({ db, keyRing }, workspaceId);
  const events = await EventIds.open(db, workspaceId);
  const seen = { rows: 0, seals: 0, gaps: [] as Gap[], keyIds: new Set<string>() };
  const wanted = new Map(
    witnesses.map(({ statement, signature }) => {
      const key = keys.get(statement.key_id);
      if (statement.workspace_id !== workspaceId || !key || !isSigned(statement, signature, key))
        throw new PluginError("INPUT_INVALID", {
          message: "The stored seal was not made by this installation for this workspace.",
        });
      return [statement.last_sequence, statement];
    }),
  );
  let hash = noHash;
  let last: SealRow | undefined;
  const report = async (fault: ChainFault | null): Promise<ChainReport> => ({
    workspace_id: workspaceId,
    rows: seen.rows,
    seals: seen.seals,
    sealed_at: last?.sealed_at ?? null,
    hash,
    key_ids: [...seen.keyIds],
    unsealed: await events.countUnsealed(),
    gaps: seen.gaps,
    witnesses: witnesses.length,
    fault,
  });

  for await (const seals of readSeals(db, { workspaceId, rows: page })) {
    const rows = await findRows(
      db,
      seals.flatMap(({ event_ids }) => event_ids),
    );
    for (const seal of seals) {
      const checked = checkSeal({ seal, rows, keys, previous: hash, sequence: seen.rows });
      if ("fault" in checked) return report(checked.fault);
      const late = gapOf(seal, last);
      if (late) seen.gaps.push(late);
      hash = checked.statement.hash;
      seen.rows = seal.last_sequence;
      seen.seals++;
      seen.keyIds.add(seal.key_id);
      last = seal;
      const witness = wanted.get(seal.last_sequence);
      if (witness && canonicalSeal(witness) !== canonicalSeal(checked.statement))
        return report({
          kind: "rewritten",
          sequence: seal.first_sequence,
          event_id: seal.event_ids[0] ?? null,
          text: "The chain was written anew: a stored seal differs from the one in its place.",
        });
      if (witness) wanted.delete(seal.last_sequence);
    }
    await events.match(seals);
    onProgress?.(seen.rows);
  }
  const fault = cutOff(wanted, seen.rows) ?? (await events.findAdded());
  const whole = await report(fault);
  return fault === null && seen.seals > 0 ? { ...whole, fault: waitsLong(whole, now) } : whole;
}

/** Seals come every few seconds: rows that wait for longer have a cause. */
function waitsLong({ unsealed: { rows, oldest_at } }: ChainReport, now: Date): ChainFault | null {
  if (oldest_at === null || now.getTime() - Date.parse(oldest_at) <= longestWaitMs) return null;
  return {
    kind: "unsealed",
    sequence: null,
    event_id: null,
    text: `${rows === 1 ? "1 row waits" : `${rows} rows wait`} for a seal, the oldest since ${oldest_at}: sealing has stopped, and a change of them leaves no trace. Start the server, and look for the cause in its log.`,
  };
}

function gapOf(seal: SealRow, before: SealRow | undefined): Gap | undefined {
  if (seal.found_unsealed === 0) return undefined;
  if (before && Date.parse(seal.sealed_at) - Date.parse(before.sealed_at) < gapMs) return undefined;
  return {
    first_sequence: seal.first_sequence,
    rows: seal.found_unsealed,
    from: before?.sealed_at ?? null,
    to: seal.sealed_at,
  };
}

function cutOff(wanted: ReadonlyMap<number, SealStatement>, rows: number): ChainFault | null {
  const [first] = [...wanted.keys()].sort((a, b) => a - b);
  if (first === undefined) return null;
  const ended = first > rows;
  return {
    kind: ended ? "removed" : "rewritten",
    sequence: ended ? rows + 1 : first,
    event_id: null,
    text: ended
      ? `The end of the chain was removed: a stored seal covers rows up to ${first}.`
      : "The chain was written anew: a stored seal ends where no seal of the chain does.",
  };
}
