import type { RunStatusName } from "../../../plugin/api/runs.ts";
import type { Arrival, PartStatus, PartWait } from "../../canvas/card-states.tsx";
import type { Failure } from "./tool-result.ts";

/** One line of the conversation beside the canvas. */
export type TalkLine =
  | { readonly kind: "person"; readonly seq: number; readonly text: string }
  | { readonly kind: "agent"; readonly seq: number; readonly text: string; readonly scripted: boolean }
  | ({ readonly kind: "tool"; readonly seq: number } & ToolCall)
  | { readonly kind: "error"; readonly seq: number; readonly failure: Failure }
  | { readonly kind: "note"; readonly seq: number; readonly text: string };

export interface ToolCall {
  readonly callId: string;
  readonly tool: string;
  readonly nodeId: string;
  readonly agentId: string;
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
  readonly arrivals: ReadonlyMap<string, Arrival>;
  readonly talk: readonly TalkLine[];
  readonly exchanges: ReadonlyMap<string, readonly Exchange[]>;
}

export const isFinished = (status: RunStatusName): boolean =>
  status === "succeeded" || status === "failed" || status === "cancelled";
