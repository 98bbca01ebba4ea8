import type { ModelMessage } from "ai";
import type { Workflow, WorkflowNode } from "../../plugin/workflow.ts";
import type { Clock } from "../clock.ts";
import type { ModelAnswer, ModelToolCall } from "../model/ask-model.ts";
import type { SecretMask } from "../redaction/transcript-mask.ts";
import type { ToolCall, ToolExecutors } from "./node-executor.ts";
import type { ResolveModel } from "./resolve-model.ts";
import type { StoredStep } from "./run-checkpoint.ts";
import type { RunJournal } from "./run-journal.ts";
import type { RunLog } from "./run-log.ts";

/** Everything one agent of one run needs. */
export interface AgentRun {
  readonly runId: string;
  readonly workspaceId: string;
  readonly workflow: Workflow;
  readonly host: ToolCall["host"];
  readonly agentNode: WorkflowNode;
  readonly input: string;
  readonly steps: readonly StoredStep[];
  readonly journal: RunJournal;
  readonly mask: SecretMask;
  readonly executors: ToolExecutors;
  readonly resolveModel: ResolveModel;
  readonly clock: Clock;
  readonly log: RunLog;
  readonly signal: AbortSignal;
}

export interface OpenAnswer {
  readonly number: number;
  readonly answer: ModelAnswer;
  /** Put off: the tool waited for something before it did anything, so it may be called again whatever it is. */
  readonly started: Map<number, "begun" | "put_off">;
  readonly results: Map<number, Record<string, unknown>>;
}

/** How far one agent is: the same after its work and after a read of the checkpoint. */
export interface AgentProgress {
  readonly messages: ModelMessage[];
  answers: number;
  /** How many tool calls all answers asked for. */
  calls: number;
  /** The last answer, until all its tool calls have results. */
  open: OpenAnswer | undefined;
}

function startProgress(input: string): AgentProgress {
  // Providers refuse an empty message.
  return {
    messages: [{ role: "user", content: input.trim() === "" ? "Begin." : input }],
    answers: 0,
    calls: 0,
    open: undefined,
  };
}

export function addAnswer(progress: AgentProgress, answer: ModelAnswer): OpenAnswer {
  const open = { number: progress.answers, answer, started: new Map(), results: new Map() };
  progress.answers++;
  progress.calls += answer.calls.length;
  progress.messages.push(...answer.messages);
  progress.open = open;
  return open;
}

/** When each call has its result, the model sees all of them and is asked again. */
export function addResult(progress: AgentProgress, index: number, output: Record<string, unknown>): void {
  const { open } = progress;
  open?.results.set(index, output);
  if (!open || open.results.size < open.answer.calls.length) return;
  progress.messages.push({
    role: "tool",
    content: open.answer.calls.map((call, i) => toolResult(call, open.results.get(i))),
  });
  progress.open = undefined;
}

const toolResult = (call: ModelToolCall, output: Record<string, unknown> | undefined) => ({
  type: "tool-result" as const,
  toolCallId: call.id,
  toolName: call.tool,
  // Tools answer JSON; what is stored and read back is JSON by then.
  output: { type: "json" as const, value: JSON.parse(JSON.stringify(output ?? {})) },
});

export function restoreProgress(input: string, steps: readonly StoredStep[]): AgentProgress {
  const progress = startProgress(input);
  for (const { kind, content } of steps) {
    if (kind === "model_answer") addAnswer(progress, content as ModelAnswer);
    if (kind === "tool_started")
      progress.open?.started.set(content.index, content.put_off ? "put_off" : "begun");
    if (kind === "tool_result") addResult(progress, content.index, content.output);
  }
  return progress;
}
