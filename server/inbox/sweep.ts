import { setTimeout as sleep } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";
import { runIdsOf, thenWake } from "./in-mailbox.ts";
import type { InboxParts } from "./inbox-parts.ts";

/** Rows that one transaction changes at most, so that other work does not wait long. */
const batch = 500;

/** Ends expired waits. Runs that waited learn of this and continue. */
export async function expireWaits(parts: InboxParts): Promise<void> {
  const now = parts.clock.now();
  await thenWake(parts, async (trx, wake) => {
    const due = await trx
      .selectFrom("code_wait")
      .select("id")
      .where("state", "=", "waiting")
      .where("expires_at", "<=", now)
      .limit(batch)
      .forUpdate()
      .skipLocked()
      .execute();
    if (due.length === 0) return;
    const waitIds = due.map(({ id }) => id);
    const rows = await trx
      .updateTable("code_wait")
      .set({ state: "timed_out", settled_at: now })
      .where("id", "in", waitIds)
      .returning("run_id")
      .execute();
    const runIds = runIdsOf(rows);
    await parts.runs.resume(trx, runIds);
    wake({ waitIds, runIds });
  });
}

type PurgeParts = Pick<InboxParts, "db" | "clock" | "keepBodiesMs">;

/** Deletes what messages said once their time is over: sender, time and hash stay. Old waits are deleted whole. */
export async function purgeBodies({ db, clock, keepBodiesMs }: PurgeParts): Promise<void> {
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
    const ids = due.map(({ id }) => id);
    await purgeMessages(trx, ids, now);
    await trx
      .deleteFrom("code_wait")
      .where("state", "<>", "waiting")
      .where("settled_at", "<=", new Date(now.getTime() - keepBodiesMs))
      .execute();
  });
}

/** A sender's name may hold anything, a code too; only an address or a number stays of it. */
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

/** A wait ends at most this much late. */
const expireEveryMs = 1_000;
/** Purging happens once in this number of turns. */
const purgeEvery = 60;

export interface SweeperParts {
  readonly expireWaits: () => Promise<void>;
  readonly purgeBodies: () => Promise<void>;
  readonly forgetSeen: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Ends waits and deletes bodies when their time is over. Every process that works has one. */
export function createInboxSweeper({ onError, ...work }: SweeperParts) {
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      await work.expireWaits().catch(onError);
      if (turn % purgeEvery === 0) {
        await work.purgeBodies().catch(onError);
        await work.forgetSeen().catch(onError);
      }
      await sleep(expireEveryMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  return {
    start(): void {
      loop = sweep();
    },
    async stop(): Promise<void> {
      stopping.abort();
      await loop;
    },
  };
}
