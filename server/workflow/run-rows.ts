import type { Selectable } from "kysely";
import { type RunBody, type RunEvent, runEventType } from "../../plugin/api/runs.ts";
import type { RunEventTable, WorkflowRunRow } from "../database/tables.ts";

export type RunRow = WorkflowRunRow & { readonly slug: string };

export const toRunBody = (row: RunRow): RunBody => ({
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
});

export const toRunEvent = (row: Omit<Selectable<RunEventTable>, "run_id">): RunEvent => ({
  seq: row.seq,
  type: runEventType.parse(row.type),
  node_id: row.node_id,
  at: row.created_at.toISOString(),
  data: row.data,
});

/** After one of these a run says nothing more. */
export const isFinalEvent = ({ type }: Pick<RunEvent, "type">): boolean =>
  type === "run.succeeded" || type === "run.failed" || type === "run.cancelled";
