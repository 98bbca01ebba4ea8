import { CompiledQuery, type Kysely, type RawBuilder, sql } from "kysely";
import { PgBoss } from "pg-boss";
import type { BossOptions } from "../database/open-database.ts";
import type { Tables } from "../database/tables.ts";
import type { RunLog } from "./run-log.ts";

/** The dispatch of runs, built on pg-boss: a job's id is its run's id. What a run needs is in our own tables. */
const queue = "run";

export interface QueuedJob {
  readonly id: string;
  /** Grows with every fetch; settles what a worker that lost its job may still do to it. */
  readonly retryCount: number;
}

export const jobOf = (runId: string): string => JSON.stringify([{ id: runId, data: {} }]);

export type RunQueue = ReturnType<typeof createRunQueue>;

const settings = {
  // A worker that is killed stops touching its jobs: they are given to another after these 10 s (pg-boss's least).
  heartbeatSeconds: 10,
  retryDelay: 0,
  // How often a run may be taken over is decided where it is claimed; a job itself never gives up before its run does.
  retryLimit: 1_000,
  // pg-boss's most. A run has no limit of its own in time; a dead one is known by its heartbeat.
  expireInSeconds: 24 * 3_600,
  deleteAfterSeconds: 3_600,
} as const;

/**
 * pg-boss's own `work()` is not used: with N places it wakes N fetch loops for every job, and settles
 * every job with a statement of its own. Fetching by the batch and removing by the batch costs a fraction.
 */
export function createRunQueue({ bossOptions, log }: { bossOptions: BossOptions; log: RunLog }) {
  // For jobs without a heartbeat: a worker is found dead after 10 s of silence and at most this much more.
  // On PGlite there is no other worker, and every look stands in the way of this one.
  const lookOutSeconds = bossOptions.backend === "pglite" ? 10 : 1;
  const boss = new PgBoss({
    ...bossOptions,
    schedule: false,
    supervise: true,
    superviseIntervalSeconds: lookOutSeconds,
    monitorIntervalSeconds: lookOutSeconds,
    useListenNotify: false,
  });
  // Without a listener an `error` event would end the process; the database being away is no reason to.
  boss.on("error", (error) => log.warn({ err: error }, "the run queue had trouble"));
  boss.on("warning", (warning) => log.warn({ warning }, "the run queue warns"));
  let insertText = "";

  return {
    async start(): Promise<void> {
      await boss.start();
      const known = await boss.getQueue(queue);
      if (known) await boss.updateQueue(queue, settings);
      else await boss.createQueue(queue, settings);
      // Asks pg-boss for its statement instead of letting it run it, so that it can be part of a statement of ours.
      const overhear = {
        executeSql: async (text: string) => {
          insertText = text;
          return { rows: [] };
        },
      };
      await boss.insert(queue, [{}], { db: overhear });
    },

    /** The insert of jobs from JSON (see `jobOf`), to stand in a `with` clause beside the insert of the run itself. */
    insertOf(jobs: RawBuilder<string>): RawBuilder<unknown> {
      const [before, after, ...more] = insertText.split("$1");
      if (!before || !after || more.length > 0) throw new Error("The run queue has not been started.");
      return sql`${sql.raw(before)}${jobs}${sql.raw(after)}`;
    },

    /** Fetches jobs by a statement that `around` makes of pg-boss's own: what it returns are the jobs. */
    async fetch(
      limit: number,
      around: (fetch: RawBuilder<QueuedJob>) => Promise<QueuedJob[]>,
    ): Promise<void> {
      const db = {
        executeSql: async (text: string, values: unknown[] = []) => {
          if (values.length > 0) throw new Error("pg-boss fetches with parameters, which was not foreseen.");
          return { rows: await around(sql.raw<QueuedJob>(text)) };
        },
      };
      await boss.fetch(queue, { batchSize: limit, db });
    },

    /** The heartbeat. Jobs that another worker was given in the meantime are left alone. */
    touch: async (held: readonly QueuedJob[]): Promise<void> => {
      await boss.touch(queue, [...held]);
    },

    /** Takes finished jobs out. The queue keeps no history: the runs are it. */
    remove: async (done: readonly QueuedJob[]): Promise<void> => {
      await boss.deleteJob(queue, [...done]);
    },

    /** Takes a job out within a transaction of ours. */
    removeWithin: async (trx: Kysely<Tables>, id: string): Promise<void> => {
      const executeSql = async (text: string, values: unknown[] = []) => ({
        rows: [...(await trx.executeQuery(CompiledQuery.raw(text, values))).rows],
      });
      await boss.deleteJob(queue, id, { db: { executeSql } });
    },

    /** Gives jobs back at once, to be fetched again. */
    giveBack: async (held: readonly QueuedJob[] | readonly string[]): Promise<void> => {
      if (held.length > 0) await boss.fail(queue, [...held] as string[]);
    },

    stop: () => boss.stop({ graceful: false, close: true }),
  };
}
