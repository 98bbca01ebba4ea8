import { type Kysely, sql } from "kysely";

/** A run names the process that executes it, and a process shows that it is alive: once for all its runs. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table run_process (
    id uuid primary key,
    seen_at timestamptz not null
  )`,
  // No foreign key: each start of a run would lock the row that the heartbeat writes.
  `alter table workflow_run add column claimed_by uuid`,
  `create index workflow_run_claimed on workflow_run (claimed_by) where claimed_by is not null`,
];
