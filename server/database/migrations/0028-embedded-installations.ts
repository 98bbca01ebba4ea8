import { type Kysely, sql } from "kysely";

/** When a program that embeds Totem has claimed its installation: no key gets that by naming it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table host_installation add column embedded_at timestamptz`.execute(db);
}
