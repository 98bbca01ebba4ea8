import type { EdgeLabel, HandleContract } from "../../plugin/handles.ts";
import type { NodeCard } from "../../plugin/node-card.ts";
import { reachSentence } from "../../plugin/reach-words.ts";
import { isScripted } from "../../plugin/scripted-model.ts";
import type { PartStatus } from "./card-states.tsx";

/** A node's data, read with care: a host may store anything there. */
export interface CardData {
  readonly label?: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function readCardData(data: unknown): CardData {
  if (!isRecord(data)) return { config: {} };
  const label = typeof data.label === "string" && data.label.trim() !== "" ? data.label : undefined;
  return { label, config: isRecord(data.config) ? data.config : {} };
}

export const scriptedNotice = "Scripted — plays written steps, not a language model";

/** The second line of a card: what the node is, in the words its user needs. */
export function subtitleOf(contract: NodeCard, { config }: CardData): string {
  switch (contract.kind) {
    case "tool":
      return contract.shows === "vault_code" && config.entry ? String(config.entry) : contract.type;
    case "model":
      return isScripted(config) ? "Model" : [config.provider, config.model].filter(Boolean).join(" · ");
    case "agent":
      return String(config.system_prompt || "No instructions yet");
    case "trigger":
      return "Trigger";
    case "note":
      return "Note";
  }
}

/** What people must know of a node without opening it, written in full on its card. */
export function noteOf(contract: NodeCard, { config }: CardData): string | undefined {
  if (contract.kind === "model" && isScripted(config)) return scriptedNotice;
  return contract.kind === "agent" && config.may_reach ? reachSentence(config.may_reach) : undefined;
}

export const kindWords: Record<NodeCard["kind"], string> = {
  trigger: "trigger",
  agent: "agent",
  model: "model",
  tool: "tool",
  note: "sticky note",
};

export const statusWords: Record<PartStatus, string> = {
  waiting: "Waiting",
  running: "Running",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** `data-handle-kind`, by which tests and styles know a handle. */
export const handleKindOf = (label: EdgeLabel): "tool" | "llm" | "flow" => (label === "" ? "flow" : label);

/** One of what a handle takes. */
export const partWords = (label: EdgeLabel): string =>
  label === "tool" ? "a tool" : label === "llm" ? "a model" : "a node";

/** What a screen reader says for a handle. */
export function handleText(handle: HandleContract): string {
  const start = handle.type === "source";
  if (handle.edgeLabel === "") return start ? "Output" : "Input";
  const what = handle.edgeLabel === "tool" ? "tool" : "model";
  if (start) return `Connects this ${what} to an agent`;
  return `${handle.label ?? "Parts"}: takes ${what === "tool" ? "tools" : "a model"}${handle.required ? ", required" : ""}`;
}
