import { type Kysely, sql } from "kysely";

/** Which of a person's roles came from groups of the provider, so that they go with the groups. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table person_identity add column group_roles text[] not null default '{}'`.execute(db);
}
