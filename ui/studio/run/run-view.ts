import type { RunEvent, RunStatusName } from "../../../plugin/api/runs.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { PartStatus, PartWait } from "../../canvas/card-states.tsx";
import { startDraft, takeEvent } from "./run-draft.ts";

/** One line of the conversation beside the canvas. */
export type TalkLine =
  | { readonly kind: "person"; readonly seq: number; readonly text: string }
  | { readonly kind: "agent"; readonly seq: number; readonly text: string; readonly scripted: boolean }
  | ({ readonly kind: "tool"; readonly seq: number } & ToolCall)
  | { readonly kind: "error"; readonly seq: number; readonly code: string; readonly text: string }
  | { readonly kind: "note"; readonly seq: number; readonly text: string };

export interface ToolCall {
  readonly callId: string;
  readonly tool: string;
  readonly nodeId: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Set while the call waits for something. */
  readonly wait?: PartWait | undefined;
  readonly arguments: unknown;
  readonly result: unknown;
}

/** What went into a node and what came out, as the server masked it. */
export interface Exchange {
  readonly key: string;
  readonly at: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly failed: boolean;
}

export interface RunView {
  readonly status: RunStatusName;
  readonly nodes: ReadonlyMap<string, PartStatus>;
  readonly edges: ReadonlyMap<string, PartStatus>;
  readonly waits: ReadonlyMap<string, PartWait>;
  readonly talk: readonly TalkLine[];
  readonly exchanges: ReadonlyMap<string, readonly Exchange[]>;
}

export const isFinished = (status: RunStatusName): boolean =>
  status === "succeeded" || status === "failed" || status === "cancelled";

/** Everything the studio shows of a run, made from its events alone: a reload shows the same picture. */
export function viewRun(graph: WorkflowGraph, events: readonly RunEvent[]): RunView {
  const draft = startDraft(graph);
  for (const event of events) takeEvent(draft, event);
  if (isFinished(draft.status)) {
    settle(draft.nodes, draft.status);
    settle(draft.edges, draft.status);
  }
  return draft;
}

/** What never had its turn is shown at rest; what was cut short shows where the run stopped, and how. */
function settle(parts: Map<string, PartStatus>, status: RunStatusName): void {
  for (const [id, part] of parts) {
    if (part === "running" && (status === "failed" || status === "cancelled")) parts.set(id, status);
    else if (part === "waiting" || part === "running") parts.delete(id);
  }
}
