import { type Kysely, type RawBuilder, sql } from "kysely";
import type { RunEvent } from "../../plugin/api/runs.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { RunStatus, RunStepTable, Tables } from "../database/tables.ts";
import type { SecretMask } from "../redaction/transcript-mask.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { retryWhileAway } from "./retry-while-away.ts";
import type { ClaimedRun } from "./run-claims.ts";

/** This process has lost the run: it was cancelled, or another process took it over. */
export class RunLost extends Error {
  override readonly name = "RunLost";
}

interface RunStep {
  readonly nodeId: string;
  readonly kind: RunStepTable["kind"];
  readonly content: unknown;
}

interface RunEnd {
  readonly status: Extract<RunStatus, "succeeded" | "failed">;
  readonly output?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * All that a run writes. Events are for people and masked; steps are the checkpoint and sealed. Every
 * write is one statement, and takes effect only while the run is running under the attempt that writes.
 */
export interface RunJournal {
  event(type: RunEvent["type"], nodeId: string | null, data: Record<string, unknown>): void;
  step(step: RunStep): void;
  /** Resolves when all events and steps are stored; throws RunLost when another process has the run. */
  flush(): Promise<void>;
  /** Begins to store waiting steps and does not wait for the end. Events alone wait a moment for others. */
  flushSoon(): void;
  finish(end: RunEnd): Promise<void>;
}

interface JournalParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keys: WorkspaceKeys;
  readonly mask: SecretMask;
  readonly run: Pick<ClaimedRun, "id" | "attempt">;
  readonly nextEvent: number;
  readonly nextStep: number;
  /** The journal aborts it when a write finds the run lost: work under way is useless then. */
  readonly hold: AbortController;
  readonly changed: (runId: string, events: readonly RunEvent[]) => void;
}

/** Events wait this long for a step, so that both go in one statement. */
const batchDelayMs = 20;

export const stepSealContext = (runId: string, seq: number) => ({
  table: "run_step",
  rowId: `${runId}/${seq}`,
  column: "sealed_content",
});

export function createRunJournal(parts: JournalParts): RunJournal {
  const { db, clock, keys, mask, run, hold, changed } = parts;
  let { nextEvent, nextStep } = parts;
  let events: RunEvent[] = [];
  let steps: Record<string, unknown>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastWrite: Promise<void> = Promise.resolve();

  const write = (
    statement: (texts: { events: string; steps: string }) => Promise<readonly unknown[]>,
  ): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const told = events;
    const texts = { events: JSON.stringify(events), steps: JSON.stringify(steps) };
    events = [];
    steps = [];
    // One after the other: an event must not be visible before those with smaller numbers.
    const before = lastWrite;
    lastWrite = before.then(async () => {
      const rows = await retryWhileAway(() => statement(texts), { clock, signal: hold.signal });
      if (rows.length === 0) throw new RunLost();
      changed(run.id, told);
    });
    // The caller of a later write gets the error.
    lastWrite.catch((error: unknown) => {
      if (error instanceof RunLost) hold.abort(error);
    });
    return lastWrite;
  };

  const ours = { runId: run.id, attempt: run.attempt };
  const flush = (): Promise<void> =>
    events.length + steps.length === 0
      ? lastWrite
      : write((texts) => storeProgress(db, { ...ours, ...texts }));

  return {
    event(type, nodeId, data) {
      events.push({
        seq: nextEvent++,
        type,
        node_id: nodeId,
        at: clock.now().toISOString(),
        data: mask.json(data),
      });
      timer ??= setTimeout(() => void flush().catch(() => {}), batchDelayMs);
    },
    step({ nodeId, kind, content }) {
      const seq = nextStep++;
      const sealed = keys.seal(stepSealContext(run.id, seq), JSON.stringify(content));
      steps.push({ seq, node_id: nodeId, kind, sealed_content: sealed, at: clock.now() });
    },
    flush,
    flushSoon: () => {
      if (steps.length > 0) void flush().catch(() => {});
    },
    finish: ({ status, output, error }) => {
      steps = [];
      const end = {
        ...ours,
        status,
        output: output === undefined ? null : mask.text(output),
        errorCode: error?.code ?? null,
        errorMessage: error ? mask.text(error.message) : null,
        at: clock.now(),
      };
      return write(({ events: last }) => storeEnd(db, { ...end, events: last }));
    },
  };
}

/** The attempt that writes, and its events as JSON. */
interface RunWrite {
  readonly runId: string;
  readonly attempt: number;
  readonly events: string;
}

interface ProgressWrite extends RunWrite {
  readonly steps: string;
}

interface EndWrite extends RunWrite {
  readonly status: RunStatus;
  readonly output: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly at: Date;
}

// `on conflict do nothing`: a write is repeated when its connection broke before the answer.
const insertEvents = (events: RawBuilder<string>) => sql`
  insert into run_event (run_id, seq, type, node_id, data, created_at)
  select ours.id, x.seq, x.type, x.node_id, x.data, x.at
  from ours, json_to_recordset(${events}::text::json) as x (seq int, type text, node_id text, data jsonb, at timestamptz)
  on conflict do nothing`;

/** Stores events and steps while the run is ours; returns no row when it is not. */
const storeProgress = compileStatement<ProgressWrite, { id: string }>(
  (value) => sql<{ id: string }>`
    with ours as (
      select id from workflow_run
      where id = ${value("runId")} and attempt = ${value("attempt")} and status = 'running'
      for no key update
    ), told as (${insertEvents(value("events"))}), kept as (
      insert into run_step (run_id, seq, node_id, kind, sealed_content, created_at)
      select ours.id, x.seq, x.node_id, x.kind, x.sealed_content, x.at
      from ours, json_to_recordset(${value("steps")}::text::json)
        as x (seq int, node_id text, kind text, sealed_content text, at timestamptz)
      on conflict do nothing
    )
    select id from ours`,
);

/** Ends a run while it is ours and deletes its checkpoint; returns no row when it is not. */
const storeEnd = compileStatement<EndWrite, { id: string }>(
  (value) => sql<{ id: string }>`
    with ours as (
      update workflow_run
      set status = ${value("status")}, output = ${value("output")}, error_code = ${value("errorCode")},
        error_message = ${value("errorMessage")}, finished_at = ${value("at")}, claimed_by = null
      where id = ${value("runId")} and attempt = ${value("attempt")} and status = 'running'
      returning id
    ), told as (${insertEvents(value("events"))}), forgotten as (
      delete from run_step using ours where run_step.run_id = ours.id
    )
    select id from ours`,
);
