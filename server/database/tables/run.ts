import type { ColumnType, Generated, Selectable } from "kysely";
import type { SealedText } from "../../secrets/seal.ts";
import type { Json, MaybeTime, Time } from "./column.ts";

export type RunStatus = "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";

export interface WorkflowRunTable {
  id: string;
  workspace_id: string;
  workflow_id: string;
  workflow_version: number;
  status: ColumnType<RunStatus, RunStatus, RunStatus>;
  input: string;
  output: string | null;
  error_code: string | null;
  error_message: string | null;
  /** Grows with each claim; writes under an older attempt are refused. */
  attempt: Generated<number>;
  /** How often it was suspended to wait for something outside. */
  parks: Generated<number>;
  /** The process that executes it; null while it waits, and when it is over. */
  claimed_by: string | null;
  /** Kind and id, as in "service_key:ci". */
  started_by: string;
  /** The name of that time, and of a person the roles; null for runs from before there were people. */
  started_by_name: string | null;
  started_by_role: string | null;
  created_at: Time;
  started_at: MaybeTime;
  finished_at: MaybeTime;
}

/** A process that executes runs. One that is silent for some seconds counts as dead. */
export interface RunProcessTable {
  id: string;
  /** The database's time, not the process's: the clocks of two machines differ. */
  seen_at: ColumnType<Date, never, never>;
}

/** What people see of a run, in order: the SSE stream and the page read it. Codes and keys are masked. */
export interface RunEventTable {
  run_id: string;
  seq: number;
  type: string;
  node_id: string | null;
  data: Json<Record<string, unknown>>;
  created_at: Time;
}

/** The checkpoint of a run: what its models and tools answered, unmasked and sealed; deleted when the run ends. */
export interface RunStepTable {
  run_id: string;
  seq: number;
  node_id: string;
  kind: "model_answer" | "tool_started" | "tool_result" | "node_output";
  sealed_content: SealedText;
  created_at: Time;
}

export type WorkflowRunRow = Selectable<WorkflowRunTable>;
