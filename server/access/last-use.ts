import { type Kysely, sql } from "kysely";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";

/** How often the last use of a key or of an address is written. */
const noteEveryMs = 60_000;

interface Use {
  readonly table: "service_key" | "mcp_token" | "proxy_credential";
  readonly id: string;
  readonly lastUsedAt: Date | null;
  readonly ip: string;
}

/**
 * Notes when a key was used last, and from where. At most once a minute, so that a request costs no statement more;
 * and where several requests are at it together, only one of them writes and the others wait for no lock.
 */
export async function noteLastUse(
  { db, clock }: { readonly db: Kysely<Tables>; readonly clock: Clock },
  { table, id, lastUsedAt, ip }: Use,
): Promise<void> {
  const now = clock.now();
  if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < noteEveryMs) return;
  const before = new Date(now.getTime() - noteEveryMs);
  await sql`
    update ${sql.table(table)} set last_used_at = ${now}, last_used_ip = ${ip}
    where id = (
      select id from ${sql.table(table)}
      where id = ${id}::uuid and (last_used_at is null or last_used_at <= ${before})
      for update skip locked)`.execute(db);
}
