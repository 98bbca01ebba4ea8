import { type Kysely, sql } from "kysely";

/** The model an administrator lets look at messages in which no code was found, or more than one. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql
    .raw(`create table inbox_setting (
    workspace_id uuid primary key references workspace,
    second_opinion jsonb
  )`)
    .execute(db);
}
