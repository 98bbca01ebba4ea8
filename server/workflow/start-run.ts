import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { RunStatusName } from "../../plugin/api/runs.ts";
import { toPlainText } from "../../plugin/plain-text.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { validateWorkflow } from "../../plugin/validate-workflow.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { Caller } from "../access/caller.ts";
import { auditRow, insertAuditFrom } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { NewAuditEvent, RunStatus, Tables } from "../database/tables.ts";
import { maskTokens } from "../redaction/mask.ts";
import type { ReservedSlot } from "./run-dispatcher.ts";
import type { RunQueue } from "./run-queue.ts";
import type { RunSignals } from "./run-signals.ts";

export interface StartRunInput {
  /** The current version. It runs, also when a newer one is saved later. */
  readonly workflow: Workflow;
  readonly input?: string;
}

export interface StartRunParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly queue: Pick<RunQueue, "add">;
  readonly signals: Pick<RunSignals, "queued">;
  /** A slot in this process, where it executes runs and has one free. */
  readonly reserve: () => ReservedSlot | undefined;
}

/**
 * Checks a workflow, and stores a run of it. With a slot in this process the run is stored as claimed by it, in one
 * statement; without, it goes on the queue in the same transaction, so that neither is without the other.
 */
export async function startRun(
  parts: StartRunParts,
  { workspaceId, actor, name }: Caller,
  { workflow, input = "" }: StartRunInput,
): Promise<{ id: string; status: RunStatusName }> {
  const problems = validateWorkflow(workflow);
  if (problems.length > 0) throw new PluginError("WORKFLOW_INVALID", { details: { problems } });

  const { db, clock, queue, signals } = parts;
  const id = randomUUID();
  // An agent has its own key. One that a person pastes would be visible in the run.
  const text = maskTokens(toPlainText(input));
  const at = clock.now();
  const audit = auditRow({
    workspaceId,
    at,
    actor,
    action: "run.started",
    subject: { kind: "run", id },
    workflowId: workflow.id,
    runId: id,
  });
  const run = {
    ...audit,
    version: workflow.version,
    text,
    startedBy: `${actor.kind}:${actor.id}`,
    startedByName: name,
    data: JSON.stringify({ input: text }),
  };
  const slot = parts.reserve();
  if (slot) {
    try {
      await storeRun(db, {
        ...run,
        status: "running",
        attempt: 1,
        claimedBy: slot.processId,
        startedAt: at,
      });
    } catch (error) {
      slot.giveUp();
      throw error;
    }
    slot.begin({
      id,
      workspace_id: workspaceId,
      workflow_id: workflow.id,
      workflow_version: workflow.version,
      input: text,
      attempt: 1,
      parks: 0,
    });
  } else {
    await db.transaction().execute(async (trx) => {
      await storeRun(trx, { ...run, status: "queued", attempt: 0, claimedBy: null, startedAt: null });
      await queue.add(trx, [id]);
    });
    signals.queued();
  }
  return { id, status: "queued" };
}

/** The audit row of the start holds most columns of a run's row; these are the others. */
type NewRun = NewAuditEvent & {
  readonly version: number;
  readonly text: string;
  readonly startedBy: string;
  readonly startedByName: string;
  readonly data: string;
  readonly status: RunStatus;
  readonly attempt: number;
  readonly claimedBy: string | null;
  readonly startedAt: Date | null;
};

/** The run, its first event and its audit row. */
const storeRun = compileStatement<NewRun, unknown>(
  (value) => sql`
    with started as (
      insert into workflow_run (id, workspace_id, workflow_id, workflow_version, status, input, attempt, claimed_by,
        started_by, started_by_name, started_by_role, created_at, started_at)
      values (${value("run_id")}, ${value("workspace_id")}, ${value("workflow_id")}, ${value("version")}, ${value("status")},
        ${value("text")}, ${value("attempt")}, ${value("claimedBy")}, ${value("startedBy")}, ${value("startedByName")},
        ${value("actor_role")}, ${value("at")}, ${value("startedAt")})
      returning id
    ), told as (
      insert into run_event (run_id, seq, type, data, created_at)
      values (${value("run_id")}, 1, 'run.queued', ${value("data")}, ${value("at")})
    )
    ${insertAuditFrom("started", value)}`,
);
