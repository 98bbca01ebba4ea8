import type { Clock } from "../clock.ts";
import type { RunOutcome } from "./execute-run.ts";
import { retryWhileAway } from "./retry-while-away.ts";
import type { ClaimedRun, ClaimRow, FetchedJob, RunClaims } from "./run-claim.ts";
import { RunLost } from "./run-journal.ts";
import type { RunLog } from "./run-log.ts";
import type { QueuedJob, RunQueue } from "./run-queue.ts";
import type { RunSignals } from "./run-signals.ts";
import { sendTogether } from "./send-together.ts";

interface DispatcherParts {
  readonly queue: Pick<RunQueue, "touch" | "remove" | "giveBack">;
  readonly claims: RunClaims;
  readonly signals: Pick<RunSignals, "onQueued" | "onCancelled" | "onGap">;
  readonly execute: (run: ClaimedRun, hold: AbortController) => Promise<RunOutcome>;
  readonly clock: Clock;
  readonly log: RunLog;
  /** Runs executed at the same time. */
  readonly concurrency: number;
}

interface Held {
  job: QueuedJob;
  readonly attempt: number;
  readonly hold: AbortController;
  readonly done: Promise<void>;
}

/** Three heartbeats fit in the 10 s after which a worker counts as dead. */
const heartbeatMs = 3_000;
/** Signals are hints and may be lost; jobs are also looked for this often. */
const pollMs = 1_000;
/** Far less than a heartbeat, and long enough for several runs to be taken out together. */
const removalsWaitMs = 50;
/** The most one fetch takes, so that workers that wake together share what there is. */
const batch = 8;

export type RunDispatcher = ReturnType<typeof createRunDispatcher>;

/** A worker: fetches jobs, claims their runs, executes them side by side, and shows that it is alive. */
export function createRunDispatcher(parts: DispatcherParts) {
  const { queue, claims, signals, log, concurrency } = parts;
  const held = new Map<string, Held>();
  const stopping = new AbortController();
  const unsubscribe: (() => void)[] = [];
  let woken = false;
  /** There was no room for more at the last look, or more than one look takes. */
  let mayHaveMore = false;
  let wakeUp = (): void => {};
  let loop: Promise<void> = Promise.resolve();
  let heartbeat: NodeJS.Timeout | undefined;

  const wake = (): void => {
    woken = true;
    wakeUp();
  };

  const wakeIfRoom = (): boolean => {
    if (stopping.signal.aborted || held.size >= concurrency) return false;
    wake();
    return true;
  };

  const remove = sendTogether<QueuedJob>({
    companyMs: removalsWaitMs,
    send: (jobs) => queue.remove(jobs),
    // A job that stays behind is fetched again, and its run found ended.
    onError: (error) => log.warn({ err: error }, "finished runs could not be taken out of the queue"),
  });

  const execute = async (
    { job, run: row }: FetchedJob & { run: ClaimRow },
    hold: AbortController,
  ): Promise<void> => {
    try {
      const waiting = { clock: parts.clock, signal: hold.signal };
      const outcome = await parts.execute(await retryWhileAway(() => claims.open(row), waiting), hold);
      const now = held.get(row.id)?.job ?? job;
      if (outcome === "over" && !(hold.signal.reason instanceof LeftBehind)) remove.add(now);
      // It goes on already, and its new job was fetched while it was still in our hands.
      else if (outcome === "parked" && now !== job) await queue.giveBack([now]);
    } catch (error) {
      // Not given back: without heartbeats it is passed on by itself, and not again and again at once.
      log.error({ err: error, run_id: row.id }, "a run is left to another worker");
    } finally {
      held.delete(row.id);
      if (mayHaveMore) wake();
    }
  };

  const take = ({ job, run: row }: FetchedJob): void => {
    const known = held.get(job.id);
    if (row) {
      const hold = new AbortController();
      const { promise: done, resolve } = Promise.withResolvers<void>();
      held.set(row.id, { job, attempt: row.attempt, hold, done });
      void execute({ job, run: row }, hold).finally(resolve);
      return;
    }
    // Ours was thought dead while the database was away: it goes on under the job's new claim.
    if (known) known.job = job;
    else remove.add(job);
  };

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopping.signal.aborted) return resolve();
      const timer = setTimeout(resolve, pollMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const limit = Math.min(concurrency - held.size, batch);
      woken = false;
      try {
        const jobs = limit > 0 ? await claims.fetch(limit, [...held.keys()]) : [];
        jobs.forEach(take);
        mayHaveMore = jobs.length === limit;
        if (mayHaveMore && limit > 0) continue;
      } catch (error) {
        log.warn({ err: error }, "the run queue could not be read");
      }
      await pause();
    }
  };

  const letGo = (runId: string): void => held.get(runId)?.hold.abort(new RunLost());

  const showLife = async (): Promise<void> => {
    const all = [...held.entries()];
    if (all.length === 0) return;
    await queue.touch(all.map(([, { job }]) => job));
    for (const runId of await claims.lost(all.map(([id, { attempt }]) => ({ id, attempt })))) letGo(runId);
  };

  const beat = (): void => {
    const again = () => {
      heartbeat = stopping.signal.aborted && held.size === 0 ? undefined : setTimeout(beat, heartbeatMs);
    };
    showLife()
      .catch((error: unknown) => log.warn({ err: error }, "a heartbeat was missed"))
      .finally(again);
  };

  return {
    start(): void {
      unsubscribe.push(signals.onQueued(wakeIfRoom), signals.onGap(wake), signals.onCancelled(letGo));
      loop = run();
      beat();
    },

    /** Takes no more; what does not end within the grace is given back, and goes on in another worker. */
    async stop(graceMs: number): Promise<void> {
      stopping.abort();
      wake();
      await loop;
      const grace = new AbortController();
      const allDone = Promise.all([...held.values()].map(({ done }) => done));
      await Promise.race([allDone, parts.clock.sleep(graceMs, grace.signal).catch(() => {})]);
      grace.abort();
      const left = [...held.values()];
      for (const { hold } of left) hold.abort(new LeftBehind());
      await Promise.all(left.map(({ done }) => done));
      await queue.giveBack(left.map(({ job }) => job)).catch(() => {});
      clearTimeout(heartbeat);
      for (const stop of unsubscribe) stop();
      await remove.idle();
    },
  };
}

/** The worker stops; the run does not. */
class LeftBehind extends Error {}
