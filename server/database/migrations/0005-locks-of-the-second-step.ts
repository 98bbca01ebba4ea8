import { type Kysely, sql } from "kysely";

/** How often the second step was locked since it last succeeded: each lock lasts twice as long as the one before. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table second_step add column locks_in_a_row integer not null default 0`.execute(db);
}
