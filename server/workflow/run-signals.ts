import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import type { RunEvent } from "../../plugin/api/runs.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { Database } from "../database/open-database.ts";
import { createBatcher } from "./batcher.ts";
import type { RunLog } from "./run-log.ts";

/** One channel for all signals about runs. A signal is a hint; the tables are the truth. */
const channel = "totem_run";

const notify = compileStatement<{ payload: string }, unknown>(
  (value) => sql`select pg_notify(${sql.lit(channel)}, ${value("payload")})`,
);

const hint = z.union([
  z.object({ queued: z.literal(true) }),
  z.object({ changed: z.string() }),
  z.object({ cancelled: z.string() }),
]);
type Hint = z.infer<typeof hint>;
const message = z.object({ from: z.string(), hints: z.array(hint) });

/** Gets the new events where they are in memory; without them there is something to read. */
export type HearEvents = (events?: readonly RunEvent[]) => void;

export interface RunSignals {
  /** A job waits to be fetched. */
  queued(): void;
  /** A run has new events, or something to read. */
  changed(runId: string, events?: readonly RunEvent[]): void;
  cancelled(runId: string): void;
  /** The listener answers whether it takes the job at once. If it does, no other process is woken. */
  onQueued(wake: () => boolean): () => void;
  onChanged(runId: string, wake: HearEvents): () => void;
  onCancelled(wake: (runId: string) => void): () => void;
  /** Listening was interrupted and works again: signals may be lost. */
  onGap(wake: () => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

type SignalDatabase = Pick<Database, "kysely" | "listen" | "onReconnect">;

/** A notification holds less than 8,000 bytes; a hint takes about 52. */
const mostHints = 120;
/** Readers in other processes see an event this much later, and a quick run costs one notification, not five. */
const changesWaitMs = 15;

/**
 * Signals to this process at once and to the others by NOTIFY. Notifications are sent beside the writes, not within
 * them: PostgreSQL commits one transaction with a notification at a time. With one for each step that would limit the
 * whole system.
 */
export function createRunSignals({ database, log }: { database: SignalDatabase; log: RunLog }): RunSignals {
  const from = randomUUID();
  const followers = new Map<string, Set<HearEvents>>();
  const queuedWakes = new Set<() => boolean>();
  const cancelWakes = new Set<(runId: string) => void>();
  let stopListening: (() => Promise<void>) | undefined;

  const send = async (hints: readonly Hint[]): Promise<void> => {
    // One hint of each kind is enough.
    const once = [...new Map(hints.map((each) => [JSON.stringify(each), each])).values()];
    await notify(database.kysely, { payload: JSON.stringify({ from, hints: once }) });
  };
  // Polling finds what a lost hint would have said.
  const onError = (error: unknown) => log.warn({ err: error }, "a notification about runs could not be sent");
  const urgent = createBatcher<Hint>({ send, onError, largestBatch: mostHints });
  const changes = createBatcher<Hint>({
    send,
    onError,
    largestBatch: mostHints,
    batchDelayMs: changesWaitMs,
  });

  const wakeQueued = (): boolean => [...queuedWakes].map((wake) => wake()).includes(true);
  const wakeFollowers = (runId: string, events?: readonly RunEvent[]): void => {
    for (const wake of [...(followers.get(runId) ?? [])]) wake(events);
  };
  const wakeCancelled = (runId: string): void => {
    for (const wake of [...cancelWakes]) wake(runId);
    wakeFollowers(runId);
  };

  const hear = (payload: string): void => {
    const heard = message.safeParse(parseJson(payload));
    if (!heard.success || heard.data.from === from) return;
    for (const told of heard.data.hints) {
      if ("queued" in told) wakeQueued();
      else if ("cancelled" in told) wakeCancelled(told.cancelled);
      else wakeFollowers(told.changed);
    }
  };

  const subscribe = <T>(wakes: Set<T>, wake: T): (() => void) => {
    wakes.add(wake);
    return () => wakes.delete(wake);
  };

  return {
    queued: () => {
      if (!wakeQueued()) urgent.add({ queued: true });
    },
    changed: (runId, events) => {
      wakeFollowers(runId, events);
      changes.add({ changed: runId });
    },
    cancelled: (runId) => {
      wakeCancelled(runId);
      urgent.add({ cancelled: runId });
    },
    onQueued: (wake) => subscribe(queuedWakes, wake),
    onCancelled: (wake) => subscribe(cancelWakes, wake),
    onGap: (wake) => database.onReconnect(wake),
    onChanged: (runId, wake) => {
      const wakes = followers.get(runId) ?? new Set();
      followers.set(runId, wakes.add(wake));
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0) followers.delete(runId);
      };
    },
    start: async () => {
      stopListening = await database.listen(channel, hear);
    },
    stop: async () => {
      await Promise.all([urgent.idle(), changes.idle()]);
      await stopListening?.();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
