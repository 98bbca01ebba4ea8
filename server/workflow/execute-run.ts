import type { Kysely } from "kysely";
import { findContract } from "../../plugin/catalogue.ts";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import { isFlowEdge } from "../../plugin/tool-edge.ts";
import { flowOrder } from "../../plugin/validate-workflow.ts";
import type { Workflow, WorkflowNode } from "../../plugin/workflow.ts";
import type { Clock } from "../clock.ts";
import { isDatabaseAway } from "../database/is-database-away.ts";
import type { Tables } from "../database/tables.ts";
import { maskedError } from "../redaction/redact-errors.ts";
import { createSecretMask, type SecretMask } from "../redaction/transcript-mask.ts";
import { Suspended, type ToolCall, type ToolExecutors } from "./node-executor.ts";
import type { ResolveModel } from "./resolve-model.ts";
import { retryWhileAway } from "./retry-while-away.ts";
import { relearnSecrets, runAgent } from "./run-agent.ts";
import { type Checkpoint, emptyCheckpoint, readCheckpoint } from "./run-checkpoint.ts";
import type { ClaimedRun } from "./run-claims.ts";
import { createRunJournal, type RunJournal, RunLost } from "./run-journal.ts";
import type { RunLog } from "./run-log.ts";
import type { RunSignals } from "./run-signals.ts";
import type { RunSuspension } from "./run-suspension.ts";
import { chooseTrigger, triggerOutput } from "./run-trigger.ts";
import type { WorkspaceKeySource } from "./workspace-key-source.ts";

interface RunParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keys: WorkspaceKeySource;
  readonly log: RunLog;
  readonly host: ToolCall["host"];
  readonly executors: ToolExecutors;
  readonly resolveModel: ResolveModel;
  readonly changed: RunSignals["changed"];
  readonly suspend: RunSuspension["suspend"];
}

/** How often a run is begun. One that ends its worker every time would otherwise end all of them, one by one. */
const mostAttempts = 5;

/**
 * Executes a claimed run to its end, from wherever it had come, or until it waits for something from outside.
 * Returns also when it is no longer ours; throws only when the database stayed away, and then the run is left
 * to another worker.
 */
export async function executeRun(parts: RunParts, run: ClaimedRun, hold: AbortController): Promise<void> {
  const { signal } = hold;
  const waiting = { clock: parts.clock, signal };
  const keys = await retryWhileAway(() => parts.keys.forWorkspace(run.workspace_id), waiting);
  const isFirst = run.attempt === 1;
  const mask = createSecretMask();
  const begin = (checkpoint: Checkpoint) =>
    createRunJournal({ ...parts, ...checkpoint, keys, mask, run, hold });
  let journal: RunJournal | undefined;
  try {
    const read = () => retryWhileAway(() => readCheckpoint(parts.db, keys, run.id), waiting);
    let checkpoint = isFirst ? emptyCheckpoint : await read();
    // Before the first event: any of them may tell of what agents that have long finished were given.
    relearnSecrets({ workflow: run.workflow, steps: checkpoint.steps, mask });
    journal = begin(checkpoint);
    // To suspend and to resume are an attempt each, and no failure.
    const attempts = run.attempt - 2 * run.parks;
    if (attempts > mostAttempts) {
      throw new PluginError("INTERNAL", {
        message: "The run stopped its worker several times and was given up.",
      });
    }
    if (isFirst) journal.event("run.started", null, {});
    else if (attempts > 1) journal.event("run.resumed", null, { attempt: attempts });
    for (;;) {
      const walked = await walkFlow(parts, { run, checkpoint, journal, mask, signal }).catch(asSuspended);
      if (typeof walked === "string") {
        journal.event("run.succeeded", null, { output: walked });
        await journal.finish({ status: "succeeded", output: walked });
        return;
      }
      await journal.flush();
      if (await retryWhileAway(() => parts.suspend(run, walked), waiting)) return;
      // What it waits for came meanwhile: it goes on here.
      checkpoint = await read();
      journal = begin(checkpoint);
    }
  } catch (error) {
    if (signal.aborted || error instanceof RunLost) return;
    if (isDatabaseAway(error)) throw error;
    const { code, message, status } = asPluginError(error);
    const facts = { run_id: run.id, workflow_id: run.workflow.id, code };
    // What a person can mend on the canvas is told there; the log needs no stack of it.
    if (status < 500) parts.log.warn(facts, "a run failed");
    else parts.log.error({ ...facts, err: maskedError(error, mask) }, "a run failed");
    try {
      journal ??= begin(await nextOf(parts.db, run.id));
      journal.event("run.failed", null, { code, message });
      await journal.finish({ status: "failed", error: { code, message } });
    } catch (failure) {
      if (!(signal.aborted || failure instanceof RunLost)) throw failure;
    }
  }
}

function asSuspended(error: unknown): Suspended {
  if (error instanceof Suspended) return error;
  throw error;
}

/** Where to go on writing when the checkpoint itself cannot be read. */
const nextOf = async (db: Kysely<Tables>, runId: string): Promise<Checkpoint> => {
  const { seq } = await db
    .selectFrom("run_event")
    .select((eb) => eb.fn.max("seq").as("seq"))
    .where("run_id", "=", runId)
    .executeTakeFirstOrThrow();
  return { ...emptyCheckpoint, nextEvent: (seq ?? 0) + 1 };
};

interface Walk {
  readonly mask: SecretMask;
  readonly signal: AbortSignal;
  readonly run: ClaimedRun;
  readonly checkpoint: Checkpoint;
  readonly journal: RunJournal;
}

/** The trigger, then everything its unlabelled edges lead to, each node after those before it. */
async function walkFlow(parts: RunParts, walk: Walk): Promise<string> {
  const { run, checkpoint, journal } = walk;
  const { workflow } = run;
  const trigger = chooseTrigger(workflow, run.input);
  const order = new Set(flowOrder(workflow, [trigger.id]).sorted);
  const outputs = new Map<string, string>();
  for (const step of checkpoint.steps)
    if (step.kind === "node_output") outputs.set(step.nodeId, step.content.text);

  for (const nodeId of order) {
    const node = workflow.nodes.find((candidate) => candidate.id === nodeId);
    if (!node || outputs.has(nodeId)) continue;
    const input = joined(before(workflow, nodeId, order).map((id) => outputs.get(id) ?? ""));
    if (node.id === trigger.id) {
      const output = triggerOutput(node, run.input);
      outputs.set(nodeId, output);
      // No step: what a trigger gives can be had again at any time. The first step there is tells that it was shown.
      if (checkpoint.steps.length === 0) showTrigger(journal, nodeId, output);
      continue;
    }
    const output = await runNode(parts, walk, { node, input });
    outputs.set(nodeId, output);
    journal.step({ nodeId, kind: "node_output", content: { text: output } });
    journal.event("node.finished", nodeId, { output });
  }
  const last = [...order].filter(
    (id) => !workflow.edges.some((edge) => isFlowEdge(edge) && edge.source === id && order.has(edge.target)),
  );
  return joined(last.map((id) => outputs.get(id) ?? ""));
}

function showTrigger(journal: RunJournal, nodeId: string, output: string): void {
  journal.event("node.started", nodeId, {});
  journal.event("node.finished", nodeId, { output });
}

async function runNode(
  parts: RunParts,
  walk: Walk,
  { node, input }: { node: WorkflowNode; input: string },
): Promise<string> {
  const { run, journal, mask, signal } = walk;
  if (findContract(node.type)?.kind !== "agent") throw new PluginError("WORKFLOW_INVALID");
  const steps = walk.checkpoint.steps.filter((step) => step.nodeId === node.id);
  if (steps.length === 0) journal.event("node.started", node.id, { input });
  try {
    return await runAgent({
      ...parts,
      runId: run.id,
      workspaceId: run.workspace_id,
      workflow: run.workflow,
      agentNode: node,
      input,
      steps,
      journal,
      mask,
      signal,
    });
  } catch (error) {
    if (signal.aborted || error instanceof RunLost || error instanceof Suspended || isDatabaseAway(error))
      throw error;
    const { code, message } = asPluginError(error);
    journal.event("node.failed", node.id, { code, message });
    throw error;
  }
}

const before = (workflow: Workflow, nodeId: string, reached: ReadonlySet<string>): string[] =>
  workflow.edges
    .filter((edge) => isFlowEdge(edge) && edge.target === nodeId && reached.has(edge.source))
    .map((edge) => edge.source);

const joined = (texts: readonly string[]): string => texts.filter((text) => text !== "").join("\n\n");
