import { type Kysely, sql } from "kysely";

/**
 * Who started a run and who stored a model's key, by the name of that time. Runs from before have an id only, and keys
 * from before nothing.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table workflow_run add column started_by_name text, add column started_by_role text`,
  `alter table model_key add column created_by text`,
];
