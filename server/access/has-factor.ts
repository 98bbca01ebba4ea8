import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Tables } from "../database/tables.ts";

/** Whether this person has a passkey or a confirmed authenticator, as SQL. */
export const isWithFactor = (personId: RawBuilder<unknown>): RawBuilder<boolean> => sql<boolean>`(
  exists (select from passkey f where f.person_id = ${personId})
  or exists (select from second_step f where f.person_id = ${personId} and f.confirmed_at is not null))`;

/** Whether a person has a passkey or a confirmed authenticator. */
export async function hasFactor(db: Kysely<Tables>, personId: string): Promise<boolean> {
  const { rows } = await sql<{ present: boolean }>`
    select ${isWithFactor(sql`${personId}::uuid`)} as present`.execute(db);
  return rows[0]?.present === true;
}
