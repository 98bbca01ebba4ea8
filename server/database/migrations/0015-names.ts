import { type Kysely, sql } from "kysely";

/** The name and the roles of the person who started a run, as they were then. Runs from before have an id only. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table workflow_run add column started_by_name text, add column started_by_role text`.execute(
    db,
  );
}
