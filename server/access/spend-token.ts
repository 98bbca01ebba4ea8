import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";

interface Spent {
  readonly hash: string;
  readonly now: Date;
  /** After this it would be refused anyway. */
  readonly until: Date;
}

/**
 * Whether something that is good for once is shown for the first time, on all processes together. What has ended is
 * removed by the next one; rows that another request removes at the same moment are left to it.
 */
export async function spendToken(db: Kysely<Tables>, { hash, now, until }: Spent): Promise<boolean> {
  const { rows } = await sql`
    with ended as (
      delete from spent_token where token_hash in (
        select token_hash from spent_token where expires_at <= ${now} and token_hash <> ${hash}
        limit 100 for update skip locked)
    )
    insert into spent_token (token_hash, expires_at) values (${hash}, ${until})
    on conflict (token_hash) do nothing returning token_hash`.execute(db);
  return rows.length > 0;
}
