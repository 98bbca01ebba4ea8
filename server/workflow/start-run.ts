import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { RunStatusName } from "../../plugin/api/runs.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { validateWorkflow } from "../../plugin/validate-workflow.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import { type Actor, insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { RunQueue } from "./run-queue.ts";
import type { RunSignals } from "./run-signals.ts";
import { storableText } from "./unstorable-text.ts";

export interface StartRunInput {
  readonly workspaceId: string;
  /** The current version: it is what runs, whatever is saved later. */
  readonly workflow: Workflow;
  readonly input?: string;
  readonly actor: Actor;
}

export type StartRun = (input: StartRunInput) => Promise<{ id: string; status: RunStatusName }>;

interface StartRunParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly queue: Pick<RunQueue, "insertOf">;
  readonly signals: Pick<RunSignals, "queued">;
}

/** Checks a workflow, and records and enqueues a run of it: in one statement, so that neither is without the other. */
export const createStartRun =
  ({ db, clock, queue, signals }: StartRunParts): StartRun =>
  async ({ workspaceId, workflow, input = "", actor }) => {
    const problems = validateWorkflow(workflow);
    if (problems.length > 0) throw new PluginError("WORKFLOW_INVALID", { details: { problems } });

    const id = randomUUID();
    const at = clock.now();
    const text = storableText(input);
    const audit = {
      workspaceId,
      at,
      actor,
      action: "run.started",
      subject: { kind: "run", id },
      workflowId: workflow.id,
      runId: id,
    };
    await sql`
      with started as (
        insert into workflow_run (id, workspace_id, workflow_id, workflow_version, status, input, attempt, started_by, created_at)
        values (${id}, ${workspaceId}, ${workflow.id}, ${workflow.version}, 'queued', ${text}, 0, ${`${actor.kind}:${actor.id}`}, ${at})
        returning id
      ), told as (
        insert into run_event (run_id, seq, type, data, created_at)
        values (${id}, 1, 'run.queued', ${JSON.stringify({ input: text })}, ${at})
      ), enqueued as (
        ${queue.insertOf(id)}
      )
      ${insertAuditFrom("started", audit)}`.execute(db);
    signals.queued();
    return { id, status: "queued" };
  };
