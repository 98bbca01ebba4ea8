import type { Kysely } from "kysely";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import { isDatabaseAway } from "../database/is-database-away.ts";
import type { Tables } from "../database/tables.ts";
import { maskedError } from "../redaction/redact-errors.ts";
import { createSecretMask } from "../redaction/transcript-mask.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { Suspended } from "./node-executor.ts";
import { retryWhileAway } from "./retry-while-away.ts";
import { relearnSecrets } from "./run-agent.ts";
import { type Checkpoint, emptyCheckpoint, readCheckpoint } from "./run-checkpoint.ts";
import type { ClaimedRun } from "./run-claims.ts";
import { createRunJournal, type RunJournal, RunLost } from "./run-journal.ts";
import type { RunSignals } from "./run-signals.ts";
import type { RunSuspension } from "./run-suspension.ts";
import { type FlowParts, walkFlow } from "./walk-flow.ts";

interface RunParts extends FlowParts {
  readonly db: Kysely<Tables>;
  readonly keys: Pick<KeyRing, "forWorkspace">;
  readonly changed: RunSignals["changed"];
  readonly suspend: RunSuspension["suspend"];
}

/** How often a run begins. One that ends its process each time would otherwise end all processes, one by one. */
const mostAttempts = 5;

/**
 * Executes a claimed run from its current step to its end, or until it waits for something from outside. Returns also
 * when another process has the run; throws only when the database stays away, and then the run is left to another.
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
    // Before the first event: each may show what agents that have finished were given.
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
      // What it waits for came in the meantime: the run goes on here.
      checkpoint = await read();
      journal = begin(checkpoint);
    }
  } catch (error) {
    if (signal.aborted || error instanceof RunLost) return;
    if (isDatabaseAway(error)) throw error;
    const { code, message, status } = asPluginError(error);
    const facts = { run_id: run.id, workflow_id: run.workflow.id, code };
    // The canvas shows what a person can correct there; the log needs no stack of it.
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

/** The position to continue writing at if the checkpoint itself cannot be read. */
async function nextOf(db: Kysely<Tables>, runId: string): Promise<Checkpoint> {
  const { seq } = await db
    .selectFrom("run_event")
    .select((eb) => eb.fn.max("seq").as("seq"))
    .where("run_id", "=", runId)
    .executeTakeFirstOrThrow();
  return { ...emptyCheckpoint, nextEvent: (seq ?? 0) + 1 };
}
