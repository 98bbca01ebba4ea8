import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";
import { type ChainRow, chainColumns, noHash } from "./chain/chain-row.ts";
import type { ChainedEvent } from "./chain-line.ts";

export interface ChainRange {
  readonly workspaceId: string;
  /** The first sequence that is read. */
  readonly from: number;
  readonly limit: number;
}

export interface ChainPage {
  readonly events: readonly ChainedEvent[];
  /** Places of the chain that were read. A row that was removed from the log leaves its place. */
  readonly places: number;
}

type LinkedRow = { readonly sequence: number; readonly hash: string } & {
  readonly [Column in keyof ChainRow]: ChainRow[Column] | null;
};

/** Sealed rows in the order of the chain. */
export async function readChain(
  db: Kysely<Tables>,
  { workspaceId, from, limit }: ChainRange,
): Promise<ChainPage> {
  // The row before the first one is read for its hash.
  const [begin, end] = [Math.max(1, from - 1), from + limit - 1];
  const { rows } = await sql<LinkedRow>`
    with seals as (
      select s.* from audit_seal s where s.workspace_id = ${workspaceId} and s.first_sequence <= ${end}
        and s.first_sequence >= (select coalesce(max(b.first_sequence), 0) from audit_seal b
          where b.workspace_id = ${workspaceId} and b.first_sequence <= ${begin})
    )
    select s.first_sequence + link.place - 1 as sequence,
      encode(substring(s.hashes from (link.place::integer - 1) * 32 + 1 for 32), 'hex') as hash, ${chainColumns}
    from seals s cross join lateral unnest(s.event_ids) with ordinality as link (event_id, place)
    left join audit_event e on e.id = link.event_id
    where s.first_sequence + link.place - 1 between ${begin} and ${end} order by 1`.execute(db);
  const hashes = new Map(rows.map(({ sequence, hash }) => [sequence, hash]));
  const here = rows.filter(({ sequence }) => sequence >= from);
  return {
    places: here.length,
    events: here.flatMap(({ sequence, hash, ...row }) =>
      row.id === null
        ? []
        : [{ sequence, hash, previous: hashes.get(sequence - 1) ?? noHash, row: row as ChainRow }],
    ),
  };
}
