import { type Kysely, sql } from "kysely";
import type { Tables } from "../../database/tables.ts";
import { type ChainRow, chainColumns } from "./chain-row.ts";
import type { MissingIds } from "./missing-ids.ts";

type Db = Kysely<Tables>;

export interface Unsealed {
  readonly rows: ChainRow[];
  /** Whether all that came late was read: a page may end before. */
  readonly hasAllLate: boolean;
}

/** Rows that no seal has, in the order of their ids: late ones, then new ones. */
export async function readUnsealed(db: Db, missing: MissingIds, limit: number): Promise<Unsealed> {
  const late = missing.ranges.length === 0 ? [] : await readRanges(db, missing, limit);
  if (late.length === limit) return { rows: late, hasAllLate: false };
  const { rows } = await sql<ChainRow>`select ${chainColumns} from audit_event e
    where e.id > ${missing.top} and e.id <= ${Number.MAX_SAFE_INTEGER} order by e.id
    limit ${limit - late.length}`.execute(db);
  return { rows: [...late, ...rows], hasAllLate: true };
}

/** The limit within each range has PostgreSQL look at the ranges one by one, and not at the table from its beginning. */
async function readRanges(db: Db, { ranges }: MissingIds, limit: number): Promise<ChainRow[]> {
  const list = (ends: readonly number[]) => sql`${`{${ends.join(",")}}`}::text::bigint[]`;
  const { rows } = await sql<ChainRow>`select ${chainColumns}
    from unnest(${list(ranges.map(({ from }) => from))}, ${list(ranges.map(({ to }) => to))}) as r (low, high)
    cross join lateral (
      select * from audit_event where id between r.low and r.high order by id limit ${limit}
    ) e order by e.id limit ${limit}`.execute(db);
  return rows;
}

/**
 * The transactions that may still bring a row with an id from before. A statement locks the table before it takes an
 * id, and its transaction holds that lock to its end.
 */
export async function findWriters(db: Db): Promise<Set<string>> {
  const { rows } = await sql<{ writer: string }>`
    select concat(virtualtransaction, ' ', pid) as writer from pg_locks
    where locktype = 'relation' and relation = 'audit_event'::regclass and mode = 'RowExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())`.execute(db);
  return new Set(rows.map(({ writer }) => writer));
}
