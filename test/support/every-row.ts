import { type Kysely, sql } from "kysely";
import type { Tables } from "../../server/database/tables.ts";

/** Every row of every table, ours and the queue's, as text: for tests that search all stored data. */
export async function everyRow(db: Kysely<Tables>): Promise<Map<string, string[]>> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`.execute(db);
  const all = new Map<string, string[]>();
  for (const { name } of tables) {
    const { rows } = await sql<{
      row: string;
    }>`select ${sql.raw("t::text")} as row from ${sql.raw(name)} t order by 1`.execute(db);
    all.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return all;
}
