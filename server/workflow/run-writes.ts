import { type RawBuilder, sql } from "kysely";
import { compileStatement } from "../database/compiled-statement.ts";
import type { RunStatus } from "../database/tables.ts";

/** Under which attempt something is written, and the events that go with it, as JSON. */
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

// `on conflict do nothing`: a write is done again when its connection broke before the answer came.
const insertEvents = (events: RawBuilder<string>) => sql`
  insert into run_event (run_id, seq, type, node_id, data, created_at)
  select ours.id, x.seq, x.type, x.node_id, x.data, x.at
  from ours, json_to_recordset(${events}::text::json) as x (seq int, type text, node_id text, data jsonb, at timestamptz)
  on conflict do nothing`;

/** Stores events and steps of a run that is still ours; answers with no row when it is not. */
export const storeProgress = compileStatement<ProgressWrite, { id: string }>(
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

/** Ends a run that is still ours, and forgets its checkpoint; answers with no row when it is not. */
export const storeEnd = compileStatement<EndWrite, { id: string }>(
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
