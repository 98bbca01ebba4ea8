import { type Kysely, sql } from "kysely";
import type { Tables } from "../../database/tables.ts";
import { type ChainRow, chainColumns } from "./chain-row.ts";
import { type SealRow, sealColumns } from "./seal-row.ts";

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
