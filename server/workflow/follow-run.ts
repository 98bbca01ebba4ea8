import { type Kysely, type Selectable, sql } from "kysely";
import type { RunEvent } from "../../plugin/api/runs.ts";
import { isFinalEvent } from "../../plugin/final-event.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { RunEventTable, Tables } from "../database/tables.ts";
import { retryWhileAway } from "./retry-while-away.ts";
import type { HearEvents, RunSignals } from "./run-signals.ts";
import { getRun, type RunRef, toRunEvent } from "./run-store.ts";

export interface FollowRunInput extends RunRef {
  /** The `seq` of the last event the reader has; 0 for none. */
  readonly afterSeq?: number;
  readonly signal: AbortSignal;
}

interface FollowRunParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly signals: Pick<RunSignals, "onChanged" | "onGap">;
}

/** Hints may be lost; a reader looks for itself this often. */
const pollMs = 2_000;
const batch = 500;

type EventRow = Omit<Selectable<RunEventTable>, "run_id">;

const readEvents = compileStatement<{ runId: string; after: number }, EventRow>(
  (value) => sql<EventRow>`
    select seq, type, node_id, data, created_at from run_event
    where run_id = ${value("runId")} and seq > ${value("after")} order by seq limit ${sql.lit(batch)}`,
);

/**
 * A run's events: the stored ones, then each as it comes, up to the final one. Throws RUN_NOT_FOUND before the first.
 * A reader that comes back with the last `seq` it saw misses nothing and sees nothing twice.
 */
export async function followRun(
  { db, clock, signals }: FollowRunParts,
  { workspaceId, runId, afterSeq = 0, signal }: FollowRunInput,
): Promise<AsyncIterable<RunEvent>> {
  await getRun({ db }, { workspaceId, runId });
  const read = async (after: number): Promise<RunEvent[]> =>
    (await readEvents(db, { runId, after })).map(toRunEvent);
  const hasEnded = async (): Promise<boolean> =>
    (await getRun({ db }, { workspaceId, runId })).finished_at !== null;

  async function* follow(): AsyncGenerator<RunEvent> {
    const buffer = createEventBuffer(signal);
    const unsubscribe = [signals.onChanged(runId, buffer.put), signals.onGap(buffer.put)];
    try {
      let last = afterSeq;
      while (!signal.aborted) {
        const fresh = buffer.take(last);
        const events = fresh ?? (await retryWhileAway(() => read(last), { clock, signal }));
        for (const event of events) {
          last = event.seq;
          yield event;
          if (isFinalEvent(event)) return;
        }
        if (fresh) await buffer.wait();
        else if (events.length === batch) buffer.put();
        // Nothing follows, and nothing will come: the reader has seen the end.
        else if (
          events.length === 0 &&
          (await retryWhileAway(hasEnded, { clock, signal })) &&
          (await read(last)).length === 0
        )
          return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const stop of unsubscribe) stop();
    }
  }
  return follow();
}

/** What came of a run since the reader last looked: the events, or that there is something to read. */
function createEventBuffer(signal: AbortSignal) {
  let mustRead = true;
  let events: RunEvent[] = [];
  let resume = (): void => {};

  const put: HearEvents = (more) => {
    if (more) events.push(...more);
    else mustRead = true;
    resume();
  };

  return {
    put,
    /** The events that follow on `last` without a gap; undefined when they are to be read. */
    take(last: number): RunEvent[] | undefined {
      const fresh = events.filter((event) => event.seq > last);
      events = [];
      const follows = fresh.every((event, index) => event.seq === last + 1 + index);
      const complete = !mustRead && follows;
      mustRead = false;
      return complete ? fresh : undefined;
    },
    wait: (): Promise<void> =>
      new Promise((resolve) => {
        if (mustRead || events.length > 0 || signal.aborted) return resolve();
        const timer = setTimeout(() => put(), pollMs);
        const onAbort = () => resume();
        signal.addEventListener("abort", onAbort, { once: true });
        resume = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
      }),
  };
}
