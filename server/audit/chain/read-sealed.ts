import { type Kysely, sql } from "kysely";
import type { Tables } from "../../database/tables.ts";
import { type ChainRow, chainColumns, noHash } from "./chain-row.ts";
import { hashAt, type SealRow, type SignedSeal, sealColumns } from "./seal-row.ts";

type Db = Kysely<Tables>;

/** The seals of a workspace from the one that covers a sequence on, in parts with about so many rows. */
export async function* readSeals(
  db: Db,
  { workspaceId, from = 1, rows: wanted }: { workspaceId: string; from?: number; rows: number },
): AsyncGenerator<SealRow[]> {
  let after = sql`first_sequence >= (select coalesce(max(b.first_sequence), 0) from audit_seal b
    where b.workspace_id = ${workspaceId} and b.first_sequence <= ${from})`;
  for (let limit = 4; ; ) {
    const { rows: seals } = await sql<SealRow>`select ${sealColumns} from audit_seal s
      where s.workspace_id = ${workspaceId} and ${after}
      order by s.first_sequence limit ${limit}`.execute(db);
    const last = seals.at(-1);
    if (!last) return;
    yield seals;
    after = sql`first_sequence > ${last.first_sequence}`;
    // Seals hold from one row to a thousand: the next part asks for as many as would have given the wanted rows.
    const perSeal = seals.reduce((sum, { event_ids }) => sum + event_ids.length, 0) / seals.length;
    limit = Math.min(2_000, Math.max(1, Math.floor(wanted / Math.max(1, perSeal))));
  }
}

/** These rows of the log, by id. */
export async function findRows(db: Db, ids: readonly number[]): Promise<Map<number, ChainRow>> {
  const { rows } = await sql<ChainRow>`select ${chainColumns} from audit_event e
    where e.id = any(${`{${ids.join(",")}}`}::text::bigint[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A row of the log with its place in the chain, and the seal that covers it. */
export interface SealedRow {
  readonly row: ChainRow;
  readonly sequence: number;
  readonly previous: string;
  readonly hash: string;
  readonly seal: SignedSeal;
}

/**
 * The sealed rows of a workspace by their sequence, both ends included, in parts. It does not verify: a row that was
 * removed is left out.
 */
export async function* readSealedRows(
  db: Db,
  { workspaceId, from, to }: { workspaceId: string; from: number; to?: number | undefined },
): AsyncGenerator<SealedRow[]> {
  const last = to ?? Number.MAX_SAFE_INTEGER;
  let before = await hashBefore(db, workspaceId, from);
  for await (const seals of readSeals(db, { workspaceId, from, rows: 1_000 })) {
    const rows = await findRows(
      db,
      seals.flatMap(({ event_ids }) => event_ids),
    );
    const part: SealedRow[] = [];
    for (const seal of seals) {
      const { statement, signature } = signedSealOf(seal, before);
      for (const [index, id] of seal.event_ids.entries()) {
        const sequence = seal.first_sequence + index;
        const row = rows.get(id);
        const previous = index === 0 ? before : hashAt(seal.hashes, index - 1);
        if (row && sequence >= from && sequence <= last)
          part.push({
            row,
            sequence,
            previous,
            hash: hashAt(seal.hashes, index),
            seal: { statement, signature },
          });
      }
      before = statement.hash;
    }
    if (part.length > 0) yield part;
    if ((seals.at(-1)?.last_sequence ?? 0) >= last) return;
  }
}

const signedSealOf = (
  { event_ids, hashes, signature, ...signed }: SealRow,
  previous: string,
): SignedSeal => ({
  statement: { ...signed, previous, hash: hashAt(hashes, event_ids.length - 1) },
  signature,
});

/** The hash that the seal which covers this sequence goes on from. */
async function hashBefore(db: Db, workspaceId: string, sequence: number): Promise<string> {
  const { rows } = await sql<{ hash: string }>`
    select encode(substring(s.hashes from octet_length(s.hashes) - 31), 'hex') as hash from audit_seal s
    where s.workspace_id = ${workspaceId} and s.first_sequence < (
      select max(b.first_sequence) from audit_seal b
      where b.workspace_id = ${workspaceId} and b.first_sequence <= ${sequence})
    order by s.first_sequence desc limit 1`.execute(db);
  return rows[0]?.hash ?? noHash;
}

export interface ChainState {
  /** The newest seal; none before the first. */
  readonly seal: SignedSeal | null;
  /** The public key of that seal, as PEM. Its id is the key's fingerprint. */
  readonly public_key: string | null;
  readonly unsealed: number;
}

/** How far the log of a workspace is sealed. */
export async function readChainState(db: Db, workspaceId: string): Promise<ChainState> {
  const { rows } = await sql<SealRow & { public_key: string | null }>`select ${sealColumns}, k.public_key
    from audit_seal s left join audit_key k on k.workspace_id = s.workspace_id and k.id = s.key_id
    where s.workspace_id = ${workspaceId} order by s.first_sequence desc limit 1`.execute(db);
  const [last] = rows;
  const open = await sql<{ rows: number }>`select count(*) as rows from audit_event
    where workspace_id = ${workspaceId} and id > ${last?.last_event_id ?? 0}`.execute(db);
  const unsealed = open.rows[0]?.rows ?? 0;
  if (!last) return { seal: null, public_key: null, unsealed };
  const { public_key, ...seal } = last;
  return {
    seal: signedSealOf(seal, await hashBefore(db, workspaceId, seal.first_sequence)),
    public_key,
    unsealed,
  };
}
