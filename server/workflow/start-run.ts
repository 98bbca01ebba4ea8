import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { RunStatusName } from "../../plugin/api/runs.ts";
import { toPlainText } from "../../plugin/plain-text.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { validateWorkflow } from "../../plugin/validate-workflow.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import { type Actor, auditRow, insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { NewAuditEvent, Tables } from "../database/tables.ts";
import { maskTokens } from "../redaction/mask.ts";
import { jobOf, type RunQueue } from "./run-queue.ts";
import type { RunSignals } from "./run-signals.ts";

export interface StartRunInput {
  readonly workspaceId: string;
  /** The current version: it is what runs, whatever is saved later. */
  readonly workflow: Workflow;
  readonly input?: string;
  readonly actor: Actor;
}

type StartRun = (input: StartRunInput) => Promise<{ id: string; status: RunStatusName }>;

interface StartRunParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly queue: Pick<RunQueue, "insertOf">;
  readonly signals: Pick<RunSignals, "queued">;
}

/** Checks a workflow, and records and enqueues a run of it: in one statement, so that neither is without the other. */
export function createStartRun({ db, clock, queue, signals }: StartRunParts): StartRun {
  const record = compileStatement<NewRun, unknown>(
    (value) => sql`
      with started as (
        insert into workflow_run (id, workspace_id, workflow_id, workflow_version, status, input, attempt, started_by, created_at)
        values (${value("run_id")}, ${value("workspace_id")}, ${value("workflow_id")}, ${value("version")}, 'queued',
          ${value("text")}, 0, ${value("startedBy")}, ${value("at")})
        returning id
      ), told as (
        insert into run_event (run_id, seq, type, data, created_at)
        values (${value("run_id")}, 1, 'run.queued', ${value("data")}, ${value("at")})
      ), enqueued as (
        ${queue.insertOf(value("job"))}
      )
      ${insertAuditFrom("started", value)}`,
  );
  return async ({ workspaceId, workflow, input = "", actor }) => {
    const problems = validateWorkflow(workflow);
    if (problems.length > 0) throw new PluginError("WORKFLOW_INVALID", { details: { problems } });

    const id = randomUUID();
    // An agent has its own key; one that a person pasted would be shown with the run.
    const text = maskTokens(toPlainText(input));
    const audit = auditRow({
      workspaceId,
      at: clock.now(),
      actor,
      action: "run.started",
      subject: { kind: "run", id },
      workflowId: workflow.id,
      runId: id,
    });
    await record(db, {
      ...audit,
      version: workflow.version,
      text,
      startedBy: `${actor.kind}:${actor.id}`,
      data: JSON.stringify({ input: text }),
      job: jobOf(id),
    });
    signals.queued();
    return { id, status: "queued" };
  };
}

/** A run's row is nearly told by the audit row of its start; these are the columns it lacks. */
type NewRun = NewAuditEvent & {
  readonly version: number;
  readonly text: string;
  readonly startedBy: string;
  readonly data: string;
  readonly job: string;
};
