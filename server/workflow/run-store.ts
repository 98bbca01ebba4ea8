import { type Kysely, type Selectable, sql } from "kysely";
import { type RunBody, type RunEvent, type RunWithEvents, runEventType } from "../../plugin/api/runs.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { isUuid } from "../../plugin/uuid.ts";
import type { Caller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { RunEventTable, Tables, WorkflowRunRow } from "../database/tables.ts";
import type { RunSignals } from "./run-signals.ts";

export interface RunRef {
  readonly workspaceId: string;
  readonly runId: string;
}

/** Runs as people see them. Nothing here opens a sealed value. */
export interface RunParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly signals: Pick<RunSignals, "cancelled">;
}

const readRun = compileStatement<RunRef, RunRow>(
  (value) => sql<RunRow>`
    select r.*, w.slug from workflow_run r join workflow w on w.id = r.workflow_id
    where r.workspace_id = ${value("workspaceId")} and r.id = ${value("runId")}`,
);

export async function getRun({ db }: Pick<RunParts, "db">, ref: RunRef): Promise<RunBody> {
  // PostgreSQL refuses other text than a uuid with an error. Such a run does not exist.
  const [row] = isUuid(ref.runId) ? await readRun(db, ref) : [];
  if (!row) throw new PluginError("RUN_NOT_FOUND");
  return toRunBody(row);
}

export async function getRunWithEvents(parts: Pick<RunParts, "db">, ref: RunRef): Promise<RunWithEvents> {
  const run = await getRun(parts, ref);
  const events = await parts.db
    .selectFrom("run_event")
    .select(["seq", "type", "node_id", "data", "created_at"])
    .where("run_id", "=", run.id)
    .orderBy("seq")
    .execute();
  return { ...run, events: events.map(toRunEvent) };
}

export interface RunFilter {
  readonly workspaceId: string;
  readonly workflowId: string;
  /** The id of a run of this workflow: gives the runs that were started before it. */
  readonly before?: string | undefined;
  readonly limit?: number;
}

export async function listRuns(
  { db }: Pick<RunParts, "db">,
  { workspaceId, workflowId, before, limit = 50 }: RunFilter,
): Promise<RunBody[]> {
  const rows = await db
    .selectFrom("workflow_run as r")
    .innerJoin("workflow as w", "w.id", "r.workflow_id")
    .selectAll("r")
    .select("w.slug")
    .where("r.workspace_id", "=", workspaceId)
    .where("r.workflow_id", "=", workflowId)
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(r.created_at, r.id) < (
          select created_at, id from workflow_run
          where workspace_id = ${workspaceId} and workflow_id = ${workflowId} and id = ${before}::uuid)`,
      ),
    )
    .orderBy("r.created_at", "desc")
    .orderBy("r.id", "desc")
    .limit(limit)
    .execute();
  return rows.map(toRunBody);
}

/** Ends a run now: from this moment the process that executes it can write nothing more of it. */
export async function cancelRun(parts: RunParts, caller: Caller, runId: string): Promise<void> {
  const { workspaceId, actor } = caller;
  await getRun(parts, { workspaceId, runId });
  const at = parts.clock.now();
  await parts.db.transaction().execute(async (trx) => {
    const cancelled = await trx
      .updateTable("workflow_run")
      .set({ status: "cancelled", finished_at: at, claimed_by: null })
      .where("workspace_id", "=", workspaceId)
      .where("id", "=", runId)
      .where("status", "in", ["queued", "running", "waiting"])
      .returning("workflow_id")
      .executeTakeFirst();
    if (!cancelled) throw new PluginError("RUN_FINISHED");
    // A statement of its own: with the row locked it sees the last event that was written.
    await sql`
      with told as (
        insert into run_event (run_id, seq, type, data, created_at)
        select ${runId}::uuid, coalesce(max(seq), 0) + 1, 'run.cancelled', '{}', ${at}::timestamptz from run_event where run_id = ${runId}
      )
      delete from run_step where run_id = ${runId}`.execute(trx);
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "run.cancelled",
      subject: { kind: "run", id: runId },
      workflowId: cancelled.workflow_id,
      runId,
    });
  });
  parts.signals.cancelled(runId);
}

type RunRow = WorkflowRunRow & { readonly slug: string };

const toRunBody = (row: RunRow): RunBody => ({
  id: row.id,
  workflow_slug: row.slug,
  workflow_version: row.workflow_version,
  status: row.status,
  input: row.input,
  output: row.output,
  error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? "" },
  created_at: row.created_at.toISOString(),
  started_at: row.started_at?.toISOString() ?? null,
  finished_at: row.finished_at?.toISOString() ?? null,
  started_by: starterOf(row),
});

/** A run from before there were people says the kind and the id that it knows. */
function starterOf({ started_by, started_by_name, started_by_role }: RunRow): RunBody["started_by"] {
  const [kind = "", ...id] = started_by.split(":");
  return { kind, name: started_by_name ?? id.join(":"), role: started_by_role };
}

export const toRunEvent = (row: Omit<Selectable<RunEventTable>, "run_id">): RunEvent => ({
  seq: row.seq,
  type: runEventType.parse(row.type),
  node_id: row.node_id,
  at: row.created_at.toISOString(),
  data: row.data,
});
