import type { Kysely } from "kysely";
import { fromKysely, type Job, PgBoss } from "pg-boss";
import type { BossOptions } from "../database/database.ts";
import type { Tables } from "../database/tables.ts";
import type { RunLog } from "./run-log.ts";

/** A job's id is its run's id. What a run needs is in our own tables. */
const queue = "run";

export type QueuedJob = Job<object>;

export type RunQueue = ReturnType<typeof createRunQueue>;

/**
 * A job is fetched and taken out in one transaction, so none is ever active. The heartbeat and the many
 * retries are for jobs that an earlier version holds: after its end they are fetched again.
 */
const settings = {
  heartbeatSeconds: 10,
  retryDelay: 0,
  retryLimit: 1_000,
  expireInSeconds: 24 * 3_600,
  deleteAfterSeconds: 3_600,
} as const;

/** How often pg-boss looks for jobs that an earlier version left. */
const lookOutSeconds = 10;

/**
 * Carries runs to a process that has room for them, on pg-boss. A run that begins in the process that starts it is
 * never here.
 */
export function createRunQueue({ bossOptions, log }: { bossOptions: BossOptions; log: RunLog }) {
  const boss = new PgBoss({
    ...bossOptions,
    schedule: false,
    supervise: true,
    superviseIntervalSeconds: lookOutSeconds,
    monitorIntervalSeconds: lookOutSeconds,
    useListenNotify: false,
  });
  // Without a listener an `error` event ends the process. A lost database is no reason for that.
  boss.on("error", (error) => log.warn({ err: error }, "the run queue had trouble"));
  boss.on("warning", (warning) => log.warn({ warning }, "the run queue warns"));

  return {
    async start(): Promise<void> {
      await boss.start();
      const known = await boss.getQueue(queue);
      if (known) await boss.updateQueue(queue, settings);
      else await boss.createQueue(queue, settings);
      // pg-boss reads the queue's settings at the first use. Within a transaction of ours, on the one
      // connection of PGlite, it would wait for that transaction without end.
      await boss.insert(queue, []);
    },

    /** Puts runs on the queue, in a transaction of ours. A run that is on it already stays on it once. */
    async add(trx: Kysely<Tables>, runIds: readonly string[]): Promise<void> {
      if (runIds.length === 0) return;
      await boss.insert(
        queue,
        runIds.toSorted().map((id) => ({ id, data: {} })),
        { db: fromKysely(trx) },
      );
    },

    /** Jobs that no other transaction holds. The transaction must remove them or put them back. */
    fetch: (trx: Kysely<Tables>, limit: number): Promise<QueuedJob[]> =>
      boss.fetch<object>(queue, { batchSize: limit, db: fromKysely(trx) }),

    async remove(trx: Kysely<Tables>, jobs: readonly QueuedJob[]): Promise<void> {
      if (jobs.length > 0) await boss.deleteJob(queue, [...jobs], { db: fromKysely(trx) });
    },

    /** To be fetched again. */
    async putBack(trx: Kysely<Tables>, jobs: readonly QueuedJob[]): Promise<void> {
      if (jobs.length > 0) await boss.fail(queue, [...jobs], null, { db: fromKysely(trx) });
    },

    /** Makes jobs free that an earlier version held when it ended. */
    async free(runIds: readonly string[]): Promise<void> {
      if (runIds.length > 0) await boss.fail(queue, [...runIds]);
    },

    stop: () => boss.stop({ graceful: false, close: true }),
  };
}
