import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";
import type { InboxParts } from "./inbox-parts.ts";

/** So many at once: nobody else waits long. */
const batch = 500;

/** Ends waits whose time is over and those of ended runs; runs that waited go on and are told so. */
export const expireWaits =
  ({ db, clock, signals, runs }: InboxParts) =>
  async (): Promise<void> => {
    const now = clock.now();
    const expired = await db.transaction().execute(async (trx) => {
      const due = await trx
        .selectFrom("code_wait")
        .select("id")
        .where("state", "=", "waiting")
        .where("expires_at", "<=", now)
        .limit(batch)
        .forUpdate()
        .skipLocked()
        .execute();
      if (due.length === 0) return [];
      const rows = await trx
        .updateTable("code_wait")
        .set({ state: "timed_out", settled_at: now })
        .where(
          "id",
          "in",
          due.map(({ id }) => id),
        )
        .returning(["id", "run_id"])
        .execute();
      await runs.resume(trx, runIdsOf(rows));
      return rows;
    });
    signals.settled(expired.map(({ id }) => id));
    runs.wake(runIdsOf(expired));
  };

const runIdsOf = (rows: readonly { readonly run_id: string | null }[]): string[] =>
  rows.flatMap(({ run_id: id }) => (id === null ? [] : [id]));

/** Deletes what messages said once their time is over: sender, time and hash stay. Waits go with them. */
export const purgeBodies =
  ({ db, clock, keepBodiesMs }: Pick<InboxParts, "db" | "clock" | "keepBodiesMs">) =>
  async (): Promise<void> => {
    const now = clock.now();
    await db.transaction().execute(async (trx) => {
      const due = await trx
        .selectFrom("inbox_message")
        .select("id")
        .where("purged_at", "is", null)
        .where("purge_at", "<=", now)
        .limit(batch)
        .forUpdate()
        .skipLocked()
        .execute();
      await purgeMessages(
        trx,
        due.map(({ id }) => id),
        now,
      );
      await trx
        .deleteFrom("code_wait")
        .where("state", "<>", "waiting")
        .where("settled_at", "<=", new Date(now.getTime() - keepBodiesMs))
        .execute();
    });
  };

/** A name may say anything, a code too; of it only an address or a number stays. */
const addressOnly = sql<string>`case when sender ~ '<[^<>]*>\\s*$' then substring(sender from '<([^<>]*)>\\s*$')
  when sender ~ '^[^@\\s]+@[^@\\s]+$' or sender ~ '^[+]?[0-9 ]+$' then sender else '' end`;

async function purgeMessages(trx: Kysely<Tables>, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable("inbox_message")
    .set({ sealed_head: null, sealed_body: null, purged_at: now, sender: addressOnly })
    .where("id", "in", ids)
    .execute();
}
