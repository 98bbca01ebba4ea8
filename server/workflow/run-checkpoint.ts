import type { Kysely } from "kysely";
import { z } from "zod";
import type { RunStepTable, Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { stepSealContext } from "./run-journal.ts";

const toolCall = z.object({ id: z.string(), tool: z.string(), input: z.unknown(), invalid: z.boolean() });

/** What a step holds. An agent's answers are counted from 0, and so are the tool calls of each answer. */
const stepContents = {
  model_answer: z.object({ text: z.string(), calls: z.array(toolCall), messages: z.array(z.unknown()) }),
  tool_started: z.object({ answer: z.int(), index: z.int(), put_off: z.boolean().default(false) }),
  tool_result: z.object({ answer: z.int(), index: z.int(), output: z.record(z.string(), z.unknown()) }),
  node_output: z.object({ text: z.string() }),
} as const satisfies Record<RunStepTable["kind"], z.ZodType>;

export type StoredStep = {
  [Kind in keyof typeof stepContents]: {
    readonly nodeId: string;
    readonly kind: Kind;
    readonly content: z.output<(typeof stepContents)[Kind]>;
  };
}[keyof typeof stepContents];

export interface Checkpoint {
  readonly steps: readonly StoredStep[];
  readonly nextEvent: number;
  readonly nextStep: number;
}

/** A run that has not begun: its first event says that it was queued. */
export const emptyCheckpoint: Checkpoint = { steps: [], nextEvent: 2, nextStep: 1 };

/** How far a run is. Read after the claim: from then on no other process can add to it. */
export async function readCheckpoint(
  db: Kysely<Tables>,
  keys: WorkspaceKeys,
  runId: string,
): Promise<Checkpoint> {
  const rows = await db
    .selectFrom("run_step")
    .select(["seq", "node_id", "kind", "sealed_content"])
    .where("run_id", "=", runId)
    .orderBy("seq")
    .execute();
  const last = await db
    .selectFrom("run_event")
    .select((eb) => eb.fn.max("seq").as("seq"))
    .where("run_id", "=", runId)
    .executeTakeFirst();
  const steps = rows.map((row) => {
    const opened = keys.open(stepSealContext(runId, row.seq), row.sealed_content);
    const content = stepContents[row.kind].parse(JSON.parse(opened.toString("utf8")));
    opened.fill(0);
    return { nodeId: row.node_id, kind: row.kind, content } as StoredStep;
  });
  return { steps, nextEvent: (last?.seq ?? 0) + 1, nextStep: (rows.at(-1)?.seq ?? 0) + 1 };
}
