import { type Kysely, sql } from "kysely";
import type { NewAuditSeal, Tables } from "../../database/tables.ts";
import { type ChainRow, linkHash } from "./chain-row.ts";
import type { ChainTail } from "./chain-tail.ts";
import { type SealStatement, type SignedSeal, signSeal, utcTextOf } from "./seal-row.ts";
import type { SigningKey } from "./signing-keys.ts";

export interface SealRequest {
  readonly tail: ChainTail;
  readonly rows: readonly ChainRow[];
  /** The key of a workspace; none where the workspace is gone: its rows join no chain. */
  readonly keyOf: (workspaceId: string) => Promise<SigningKey | undefined>;
  readonly now: Date;
  /** Rows up to this id were there before this process began to seal. */
  readonly foundUpTo: number;
}

/**
 * Adds a seal for each workspace, all in one statement. Nothing is locked: of two processes that seal the same rows
 * one breaks the primary key, and adds nothing.
 */
export async function sealRows(db: Kysely<Tables>, request: SealRequest): Promise<SignedSeal[]> {
  const sealed: { statement: SealStatement; row: NewAuditSeal }[] = [];
  for (const [workspaceId, rows] of byWorkspace(request.rows)) {
    const key = await request.keyOf(workspaceId);
    if (key) sealed.push(sealOne(request, { workspaceId, rows, key }));
  }
  if (sealed.length === 0) return [];
  await db
    .insertInto("audit_seal")
    .values(sealed.map(({ row }) => row))
    .execute();
  for (const { statement } of sealed)
    request.tail.heads.set(statement.workspace_id, {
      sequence: statement.last_sequence,
      hash: statement.hash,
    });
  return sealed.map(({ statement, row }) => ({ statement, signature: row.signature }));
}

function byWorkspace(rows: readonly ChainRow[]): Map<string, ChainRow[]> {
  const found = new Map<string, ChainRow[]>();
  for (const row of rows) {
    const known = found.get(row.workspace_id);
    if (known) known.push(row);
    else found.set(row.workspace_id, [row]);
  }
  return found;
}

interface Batch {
  readonly workspaceId: string;
  readonly rows: readonly ChainRow[];
  readonly key: SigningKey;
}

function sealOne(
  { tail, now, foundUpTo }: SealRequest,
  { workspaceId, rows, key }: Batch,
): { statement: SealStatement; row: NewAuditSeal } {
  const head = tail.headOf(workspaceId);
  const hashes = Buffer.allocUnsafe(rows.length * 32);
  let { sequence, hash } = head;
  for (const [index, row] of rows.entries()) {
    sequence++;
    hash = linkHash(row, sequence, hash);
    hashes.write(hash, index * 32, "hex");
  }
  const ids = rows.map(({ id }) => id);
  const statement: SealStatement = {
    workspace_id: workspaceId,
    first_sequence: head.sequence + 1,
    last_sequence: sequence,
    last_event_id: Math.max(...ids),
    settled_id: tail.settledId,
    found_unsealed: ids.filter((id) => id <= foundUpTo).length,
    sealed_at: utcTextOf(now),
    key_id: key.id,
    previous: head.hash,
    hash,
  };
  const { previous: _previous, hash: _hash, ...columns } = statement;
  const row = {
    ...columns,
    sealed_at: now,
    event_ids: sql<number[]>`${`{${ids.join(",")}}`}::text::bigint[]`,
    hashes,
    signature: signSeal(statement, key.privateKey),
  };
  return { statement, row };
}
