import type { Clock } from "../clock.ts";
import type { Database } from "../database/open-database.ts";
import { loadSdk } from "../model/ask-model.ts";
import { executeRun } from "./execute-run.ts";
import { createFollowRun } from "./follow-run.ts";
import type { ToolCall, ToolExecutors } from "./node-executor.ts";
import { createResolveModel } from "./resolve-model.ts";
import { createRunClaims } from "./run-claim.ts";
import { createRunDispatcher, type RunDispatcher } from "./run-dispatcher.ts";
import type { RunLog } from "./run-log.ts";
import { createRunParking } from "./run-parking.ts";
import { createRunQueue } from "./run-queue.ts";
import { createRunSignals } from "./run-signals.ts";
import { createRunStore } from "./run-store.ts";
import { createStartRun } from "./start-run.ts";
import type { WorkspaceKeySource } from "./workspace-key-source.ts";

interface RunEngineOptions {
  readonly database: Database;
  readonly keys: WorkspaceKeySource;
  readonly clock: Clock;
  readonly log: RunLog;
  readonly executors: ToolExecutors;
  /** What identities made in runs are bound to, besides workflow and node. */
  readonly host: ToolCall["host"];
  /** The OpenAI-compatible servers that models may name; empty allows all. */
  readonly modelUrls?: readonly string[];
  /** Runs one worker executes at the same time. */
  readonly concurrency?: number;
}

export type RunEngine = ReturnType<typeof createRunEngine>;

/**
 * Starts runs, executes them, tells of them. Promises: a run is recorded and enqueued together or not
 * at all; one that its worker did not finish is finished by another, without making a finished tool call
 * or a finished model answer again; nothing that is shown of a run holds a secret it came by.
 */
export function createRunEngine(options: RunEngineOptions) {
  const { database, keys, clock, log, executors, host, modelUrls = [], concurrency = 16 } = options;
  const db = database.kysely;
  const signals = createRunSignals({ database, log });
  const queue = createRunQueue({ bossOptions: database.bossOptions, log });
  const runs = createRunStore({ db, clock, signals });
  const parking = createRunParking({ db, clock, queue, signals });
  const resolveModel = createResolveModel({ db, keys, modelUrls });
  let worker: RunDispatcher | undefined;

  const startWorker = async (): Promise<void> => {
    if (database.kind === "pglite") {
      // No other process can have this database open, so what is running there was left by one that is gone.
      const left = await db
        .selectFrom("workflow_run")
        .select("id")
        .where("status", "in", ["running", "waiting"])
        .execute();
      await queue.giveBack(left.map((run) => run.id));
    }
    const parts = {
      db,
      clock,
      keys,
      log,
      host,
      executors,
      resolveModel,
      changed: signals.changed,
      park: parking.park,
    };
    worker = createRunDispatcher({
      queue,
      signals,
      clock,
      log,
      concurrency,
      claims: createRunClaims({ db, clock, queue }),
      execute: (run, hold) => executeRun(parts, run, hold),
    });
    worker.start();
    // Not before others have started, and before the first run has to wait for it.
    setTimeout(() => void loadSdk().catch(() => {}), 1_000).unref();
  };

  return {
    ...runs,
    startRun: createStartRun({ db, clock, queue, signals }),
    parking,
    followRun: createFollowRun({ db, clock, signals, runs }),

    /** Without `work` this process starts and follows runs, and others execute them. */
    async start({ work }: { work: boolean }): Promise<void> {
      await Promise.all([queue.start(), signals.start()]);
      if (work) await startWorker();
    },

    /** Runs under way have this long to end; the others go on elsewhere. */
    async stop({ graceMs = 5_000 }: { graceMs?: number } = {}): Promise<void> {
      await worker?.stop(graceMs);
      await signals.stop();
      await queue.stop();
    },
  };
}
