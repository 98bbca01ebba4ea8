import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Database } from "../database/open-database.ts";
import { loadSdk } from "../model/ask-model.ts";
import type { FetchModel } from "../model/language-model.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { executeRun } from "./execute-run.ts";
import { followRun } from "./follow-run.ts";
import * as heartbeat from "./heartbeat.ts";
import type { ToolCall, ToolExecutors } from "./node-executor.ts";
import { repeat } from "./repeat.ts";
import { createResolveModel } from "./resolve-model.ts";
import { createRunClaims } from "./run-claims.ts";
import { createRunDispatcher, type RunDispatcher } from "./run-dispatcher.ts";
import type { RunLog } from "./run-log.ts";
import { createRunQueue } from "./run-queue.ts";
import { createRunSignals } from "./run-signals.ts";
import { cancelRun, getRun, getRunWithEvents, listRuns } from "./run-store.ts";
import { createRunSuspension } from "./run-suspension.ts";
import { startRun } from "./start-run.ts";

interface RunEngineOptions {
  readonly database: Database;
  readonly keys: Pick<KeyRing, "forWorkspace">;
  readonly clock: Clock;
  readonly log: RunLog;
  readonly executors: ToolExecutors;
  /** Part of the location that identities are bound to, besides workflow and node. */
  readonly host: ToolCall["host"];
  /** The way out to models. */
  readonly fetchModel: FetchModel;
  /** How many runs this process executes at the same time. */
  readonly concurrency?: number;
  readonly heartbeatMs?: number;
  readonly pollMs?: number;
}

export type RunEngine = ReturnType<typeof createRunEngine>;

/**
 * Starts runs, executes them and shows them. Promises: a run is stored together with its claim or its job. Another
 * process finishes what one did not, and repeats no finished tool call and no finished model answer. Nothing that is
 * shown of a run holds a secret that the run learned.
 */
export function createRunEngine(options: RunEngineOptions) {
  const { database, keys, clock, log, executors, host, fetchModel } = options;
  const { concurrency = 16, heartbeatMs = heartbeat.heartbeatMs, pollMs = 1_000 } = options;
  const { kysely: db, background } = database;
  const signals = createRunSignals({ database, log });
  const queue = createRunQueue({ bossOptions: database.bossOptions, log });
  const runParts = { db, clock, signals };
  const suspension = createRunSuspension({ db, clock, queue, signals });
  const isOnlyProcess = database.kind === "pglite";
  const claims = createRunClaims({ db, background, clock, queue, processId: randomUUID(), isOnlyProcess });
  const resolveModel = createResolveModel({ db, keys, fetchModel });
  const { changed } = signals;
  const { suspend } = suspension;
  const parts = { db, clock, keys, log, host, executors, resolveModel, changed, suspend };
  let worker: RunDispatcher | undefined;
  let stopLookingForDead = (): void => {};

  const startWorker = async (): Promise<void> => {
    if (isOnlyProcess) await claims.releaseLeft();
    const dispatcher = createRunDispatcher({
      claims,
      signals,
      clock,
      log,
      concurrency,
      heartbeatMs,
      pollMs,
      execute: (run, hold) => executeRun(parts, run, hold),
    });
    await dispatcher.start();
    worker = dispatcher;
    // After the start of everything else, and before the first run needs it.
    setTimeout(() => void loadSdk().catch(() => {}), 1_000).unref();
  };

  const lookForDead = async (): Promise<void> => {
    if (await claims.releaseDead()) signals.queued();
  };

  return {
    getRun: getRun.bind(null, runParts),
    getRunWithEvents: getRunWithEvents.bind(null, runParts),
    listRuns: listRuns.bind(null, runParts),
    cancelRun: cancelRun.bind(null, runParts),
    startRun: startRun.bind(null, { ...runParts, queue, reserve: () => worker?.reserve() }),
    suspension,
    followRun: followRun.bind(null, runParts),

    /** Without `work` this process starts and follows runs, and others execute them. */
    async start({ work }: { work: boolean }): Promise<void> {
      await Promise.all([queue.start(), signals.start()]);
      if (!isOnlyProcess)
        stopLookingForDead = repeat(heartbeat.lookForDeadMs, lookForDead, (error) =>
          log.warn({ err: error }, "dead processes could not be looked for"),
        );
      if (work) await startWorker();
    },

    /** Runs under way have this long to end; the others go on in another process. */
    async stop({ graceMs = 5_000 }: { graceMs?: number } = {}): Promise<void> {
      stopLookingForDead();
      await worker?.stop(graceMs);
      await signals.stop();
      await queue.stop();
    },
  };
}
