import type { Clock } from "../clock.ts";
import { repeat } from "./repeat.ts";
import { retryWhileAway } from "./retry-while-away.ts";
import type { ClaimedRun, ClaimRow, RunClaims } from "./run-claims.ts";
import { RunLost } from "./run-journal.ts";
import type { RunLog } from "./run-log.ts";
import type { RunSignals } from "./run-signals.ts";

interface DispatcherParts {
  readonly claims: RunClaims;
  readonly signals: Pick<RunSignals, "queued" | "onQueued" | "onCancelled" | "onGap">;
  readonly execute: (run: ClaimedRun, hold: AbortController) => Promise<void>;
  readonly clock: Clock;
  readonly log: RunLog;
  /** Runs executed at the same time. */
  readonly concurrency: number;
  readonly heartbeatMs: number;
  /** Signals are hints and may be lost: this process also looks at the queue by itself. */
  readonly pollMs: number;
}

interface Held {
  readonly id: string;
  readonly attempt: number;
  readonly hold: AbortController;
  readonly done: Promise<void>;
}

/** A slot for a run that is stored as claimed now. The owner must call one of the two. */
export interface ReservedSlot {
  readonly processId: string;
  begin(run: ClaimRow): void;
  giveUp(): void;
}

/** The limit of one fetch, so that processes that wake together share the runs. */
const largestFetch = 8;

export type RunDispatcher = ReturnType<typeof createRunDispatcher>;

/**
 * Executes runs side by side, as many as there are slots: those that begin here, and those that it fetches
 * from the queue. Shows meanwhile that this process is alive.
 */
export function createRunDispatcher(parts: DispatcherParts) {
  const { claims, signals, log, concurrency, heartbeatMs, pollMs } = parts;
  const held = new Map<string, Held>();
  const reserved = new Set<Promise<void>>();
  /** Slots that a fetch under way may fill. */
  let fetching = 0;
  /** The queue may hold runs that this process had no slot for. Newer runs go behind them. */
  let mayHaveMore = false;
  /** Runs that name this process but are not held here, as the last heartbeat saw them. */
  let unknown: ReadonlySet<string> = new Set();
  let woken = false;
  let wakeUp = (): void => {};
  let loop: Promise<void> = Promise.resolve();
  const stopping = new AbortController();
  const stops: (() => void)[] = [];

  const room = (): number => concurrency - held.size - reserved.size - fetching;

  const wake = (): void => {
    woken = true;
    wakeUp();
  };

  const wakeForJob = (): boolean => {
    wake();
    return !stopping.signal.aborted && room() > 0;
  };

  const slotIsFree = (): void => {
    if (mayHaveMore) wake();
  };

  const execute = async (row: ClaimRow, hold: AbortController): Promise<void> => {
    try {
      const run = await retryWhileAway(() => claims.open(row), { clock: parts.clock, signal: hold.signal });
      await parts.execute(run, hold);
    } catch (error) {
      // Not released here: the heartbeat finds it. So it is not repeated again and again without a pause.
      log.error({ err: error, run_id: row.id }, "a run is left to another process");
    }
  };

  const begin = (row: ClaimRow): void => {
    const hold = new AbortController();
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const mine = { id: row.id, attempt: row.attempt, hold, done };
    held.set(row.id, mine);
    void execute(row, hold).then(() => {
      // A run that was suspended and resumed may be here a second time.
      if (held.get(row.id) === mine) held.delete(row.id);
      resolve();
      slotIsFree();
    });
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

  const fetch = async (): Promise<boolean> => {
    const limit = Math.min(room(), largestFetch);
    if (limit <= 0) {
      mayHaveMore = true;
      return false;
    }
    fetching = limit;
    try {
      const fetched = await claims.fetch(
        limit,
        [...held.values()].map(({ id, attempt }) => ({ id, attempt })),
      );
      mayHaveMore = fetched.mayHaveMore;
      fetching = 0;
      fetched.runs.forEach(begin);
      return mayHaveMore;
    } finally {
      fetching = 0;
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        if (await fetch()) continue;
      } catch (error) {
        log.warn({ err: error }, "the run queue could not be read");
      }
      await pause();
    }
  };

  const abortRun = (runId: string): void => held.get(runId)?.hold.abort(new RunLost());

  const beat = async (): Promise<void> => {
    const before = [...held.values()];
    const own = await claims.beat(before.map(({ id, attempt }) => ({ id, attempt })));
    for (const each of before) if (!own.has(each.id)) each.hold.abort(new RunLost());
    // Only what two heartbeats find: a run whose claim is not answered yet is not held. The others were left after an
    // error, or the answer to their claim was lost.
    const seen = new Set([...own].filter((id) => !held.has(id)));
    const left = [...seen].filter((id) => unknown.has(id));
    unknown = seen;
    await release(left);
  };

  const release = async (runIds: readonly string[]): Promise<void> => {
    if (runIds.length === 0) return;
    await claims.release(runIds);
    signals.queued();
  };

  return {
    async start(): Promise<void> {
      await claims.beat([]);
      stops.push(signals.onQueued(wakeForJob), signals.onGap(wake), signals.onCancelled(abortRun));
      stops.push(repeat(heartbeatMs, beat, (error) => log.warn({ err: error }, "a heartbeat was missed")));
      loop = run();
    },

    /** A slot for a run that begins in this process; none while others wait for one. */
    reserve(): ReservedSlot | undefined {
      if (stopping.signal.aborted || mayHaveMore || room() <= 0) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      reserved.add(promise);
      const leave = (): void => {
        reserved.delete(promise);
        resolve();
      };
      return {
        processId: claims.processId,
        begin: (row) => {
          leave();
          begin(row);
        },
        giveUp: () => {
          leave();
          slotIsFree();
        },
      };
    },

    /** Takes no more runs. Those that do not end within the grace go on in another process. */
    async stop(graceMs: number): Promise<void> {
      stopping.abort();
      wake();
      await loop;
      await Promise.all(reserved);
      const grace = new AbortController();
      const allDone = Promise.all([...held.values()].map(({ done }) => done));
      await Promise.race([allDone, parts.clock.sleep(graceMs, grace.signal).catch(() => {})]);
      grace.abort();
      const left = [...held.values()];
      for (const { hold } of left) hold.abort(new Error("The process stops; another goes on with the run."));
      await Promise.all(left.map(({ done }) => done));
      for (const stop of stops) stop();
      // If this fails, the others find these runs when the heartbeats stop.
      await release(left.map(({ id }) => id)).catch(() => {});
      await claims.leave().catch(() => {});
    },
  };
}
