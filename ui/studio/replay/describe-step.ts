import type { RunEvent } from "../../../plugin/api/runs.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { labelOf } from "../editor/graph-edits.ts";
import { fixOf } from "../fix/fixes.ts";
import { type Failure, failureOf, inContractOrder } from "../run/tool-result.ts";

export type StepTone = "plain" | "good" | "bad" | "wait";

/** One moment of a past run, in words. */
export interface Step {
  /** Which node it was about, or "Run". */
  readonly title: string;
  readonly nodeId: string | undefined;
  readonly sentence: string;
  readonly tone: StepTone;
  /** What went in and what came out at this moment, as the server masked it. */
  readonly input?: unknown;
  readonly output?: unknown;
  readonly failure?: Failure | undefined;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const quoted = (value: unknown): string => {
  const words = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return `“${words.length > 160 ? `${words.slice(0, 160)}…` : words}”`;
};

const isSomething = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** What happened at one event of a run, `events[index]`, with the events before it. */
export function describeStep(graph: WorkflowGraph, events: readonly RunEvent[], index: number): Step {
  const event = events[index];
  if (!event)
    return { title: "Run", nodeId: undefined, sentence: "Nothing has happened yet.", tone: "plain" };
  const node = graph.nodes.find(({ id }) => id === event.node_id);
  const failure = failureOf(event, events.slice(0, index));
  return {
    title: node ? labelOf(node) : event.node_id === null ? "Run" : event.node_id,
    nodeId: event.node_id ?? undefined,
    tone: "plain",
    ...tell(event, events.slice(0, index), failure),
    ...(failure ? { failure, tone: "bad" } : {}),
  };
}

type Told = Pick<Step, "sentence"> & Partial<Step>;

function tell(event: RunEvent, before: readonly RunEvent[], failure: Failure | undefined): Told {
  const { data } = event;
  const tool = text(data.tool) || "The tool";
  switch (event.type) {
    case "run.queued":
      return isSomething(data.input)
        ? { sentence: `The run was requested with ${quoted(data.input)}.`, input: data.input }
        : { sentence: "The run was requested." };
    case "run.started":
      return { sentence: "A worker took the run and began." };
    case "run.resumed":
      return { sentence: "Another worker took over the run and continued it.", tone: "wait" };
    case "run.succeeded":
      return {
        sentence: isSomething(data.output) ? `The run ended with ${quoted(data.output)}.` : "The run ended.",
        tone: "good",
        output: data.output,
      };
    case "run.failed":
      return { sentence: `The run failed: ${reason(failure)}` };
    case "run.cancelled":
      return { sentence: "The run was cancelled.", tone: "wait" };
    case "node.started":
      return isSomething(data.input)
        ? { sentence: `Began with ${quoted(data.input)}.`, input: data.input }
        : { sentence: "Began." };
    case "node.finished":
      return isSomething(data.output)
        ? { sentence: `Finished and passed on ${quoted(data.output)}.`, output: data.output, tone: "good" }
        : { sentence: "Finished.", tone: "good" };
    case "node.failed":
      return { sentence: `Failed: ${reason(failure)}` };
    case "model.answered":
      return { sentence: answerInWords(data), output: answerOf(data) };
    case "tool.started":
      return { sentence: `${tool}: called by the agent.`, input: data.arguments };
    case "tool.message_arrived":
      return {
        sentence: `${tool}: ${arrivalInWords(data)}.`,
        tone: data.kind === "ambiguous" ? "wait" : "good",
      };
    case "tool.waiting":
      if (data.reason === "delivered_code")
        return {
          sentence: `${tool}: waits for a message with a code, for ${secondsOf(Date.parse(text(data.until)) - Date.parse(event.at))} at most.`,
          tone: "wait",
        };
      if (data.reason === "approval")
        return { sentence: `${tool}: asks people first. ${text(data.waits_for)}.`, tone: "wait" };
      return {
        sentence: `${tool}: waits ${secondsOf(Date.parse(text(data.until)) - Date.parse(event.at))} for a fresh window, because the code at hand was about to end.`,
        tone: "wait",
      };
    case "tool.finished": {
      const call = text(data.call_id);
      const started = before.findLast(({ type, data }) => type === "tool.started" && data.call_id === call);
      const waits = before.filter(
        ({ type, data }) => type === "tool.waiting" && data.reason === "fresh_code" && data.call_id === call,
      );
      const waited = waits.reduce(
        (sum, wait) => sum + Date.parse(text(wait.data.until)) - Date.parse(wait.at),
        0,
      );
      return {
        sentence: resultInWords(tool, { ok: data.ok === true, result: data.result }, waited),
        tone: "good",
        input: started?.data.arguments,
        output: inContractOrder(tool, data.result),
      };
    }
  }
}

function arrivalInWords({ kind, sender_host }: RunEvent["data"]): string {
  const from = sender_host ? ` from ${text(sender_host)}` : "";
  if (kind === "ambiguous") return `a message${from} arrived, and a person had to say which code is meant`;
  if (kind === "code" && from === "") return "a code was given";
  return `a message${from} arrived with a ${kind === "link" ? "link" : "code"}`;
}

const reason = (failure: Failure | undefined): string =>
  failure ? failure.text || fixOf(failure.code)?.sentence || failure.code : "";

const toolsOf = (calls: unknown): string[] =>
  (Array.isArray(calls) ? calls : []).map((call: { tool?: unknown } | null) => text(call?.tool));

function answerInWords(data: RunEvent["data"]): string {
  const who = data.scripted === true ? "The script" : "The model";
  const said = text(data.text);
  const asked = toolsOf(data.tool_calls);
  const calls = asked.length > 0 ? `asked for ${asked.join(", ")}` : "";
  if (said === "" && calls === "") return `${who} answered with nothing.`;
  if (said === "") return `${who} ${calls}.`;
  return calls === "" ? `${who} answered ${quoted(said)}.` : `${who} said ${quoted(said)} and ${calls}.`;
}

const answerOf = (data: RunEvent["data"]) => ({
  ...(text(data.text) === "" ? {} : { says: data.text }),
  ...(Array.isArray(data.tool_calls) && data.tool_calls.length > 0 ? { calls: data.tool_calls } : {}),
});

type Answer = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Answer =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const secondsOf = (ms: number): string => `${Math.max(1, Math.round(ms / 1_000))} s`;

/** The answers of the tools that we know, in words; other tools "answered". */
const successes: Readonly<Record<string, (answer: Answer) => string>> = {
  create_agent_user: ({ username, already_existed }) =>
    already_existed === true
      ? `account ${username} existed already, read again`
      : `account ${username} created`,
  get_totp_code: ({ expires_in }) => `code read with ${expires_in} s left`,
  verify_totp_code: () => "accepted",
  wait_for_code: ({ kind, sender_host }) =>
    `was given a ${kind === "link" ? "link" : "code"}${sender_host ? ` from ${String(sender_host)}` : ""}`,
  whoami: ({ username }) => `the agent is ${username}`,
  platform_api: ({ status }) => `the platform answered ${status}`,
};

const refusals = ["CODE_REJECTED", "FORBIDDEN", "RATE_LIMITED", "AGENT_USER_DISABLED", "ADDRESS_REFUSED"];

/** @example resultInWords("get_totp_code", { ok: true, result: { expires_in: 17 } }, 0) // "get_totp_code: code read with 17 s left." */
export function resultInWords(
  tool: string,
  { ok, result }: { readonly ok: boolean; readonly result: unknown },
  waitedMs: number,
): string {
  const answer = isRecord(result) ? result : {};
  const waited = waitedMs > 0 ? `waited ${secondsOf(waitedMs)} for a fresh window, then ` : "";
  if (ok) return `${tool}: ${waited}${successes[tool]?.(answer) ?? "answered"}.`;
  const word = refusals.includes(String(answer.code)) ? "refused" : "failed";
  return `${tool}: ${waited}${word}: ${String(answer.error ?? answer.code ?? "no reason given")}`;
}
