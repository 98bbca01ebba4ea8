import type { RunEvent, RunStatusName } from "../../../plugin/api/runs.ts";
import { findContract } from "../../../plugin/catalogue.ts";
import type { WorkflowEdge, WorkflowGraph } from "../../../plugin/workflow.ts";
import type { Arrival, PartStatus, PartWait } from "../../canvas/card-states.tsx";
import { arrivalWords } from "../../canvas/WaitRow.tsx";
import type { Exchange, TalkLine, ToolCall } from "./run-picture.ts";
import { inContractOrder } from "./tool-result.ts";

/** What is shown of a run, while its events are applied one after the other. */
export interface RunDraft {
  readonly graph: WorkflowGraph;
  status: RunStatusName;
  readonly nodes: Map<string, PartStatus>;
  readonly edges: Map<string, PartStatus>;
  /** What each running tool waits for. */
  readonly waits: Map<string, PartWait>;
  /** The message on an edge, until its tool has answered. */
  readonly arrivals: Map<string, Arrival>;
  readonly talk: TalkLine[];
  readonly exchanges: Map<string, Exchange[]>;
  /** The calls each agent waits for; when all are back, its model thinks again. */
  readonly openCalls: Map<string, Set<string>>;
  /** The node at which the run failed. */
  failedNode: string | undefined;
}

/** A node without handles, such as a note, has no part in a run. */
const takesPart = ({ type }: { type: string }) => findContract(type)?.handles.length !== 0;

export const startDraft = (graph: WorkflowGraph): RunDraft => ({
  graph,
  status: "queued",
  nodes: new Map(graph.nodes.filter(takesPart).map(({ id }) => [id, "waiting"])),
  edges: new Map(graph.edges.map(({ id }) => [id, "waiting"])),
  waits: new Map(),
  arrivals: new Map(),
  talk: [],
  exchanges: new Map(),
  openCalls: new Map(),
  failedNode: undefined,
});

export const takeEvent = (draft: RunDraft, event: RunEvent): void => takers[event.type](draft, event);

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const takers: Record<RunEvent["type"], (draft: RunDraft, event: RunEvent) => void> = {
  "run.queued": (draft, { seq, data }) => {
    if (text(data.input) !== "") draft.talk.push({ kind: "person", seq, text: text(data.input) });
  },
  "run.started": (draft) => {
    draft.status = "running";
  },
  "run.resumed": (draft, { seq }) => {
    draft.status = "running";
    draft.talk.push({ kind: "note", seq, text: "Another worker took over this run and continues it." });
  },
  "run.succeeded": (draft, { seq, data }) => {
    draft.status = "succeeded";
    const output = text(data.output);
    // The last thing the agent said is usually the run's output already.
    const last = draft.talk.findLast((line) => line.kind === "agent");
    if (output !== "" && last?.text !== output)
      draft.talk.push({ kind: "agent", seq, text: output, scripted: false });
  },
  "run.failed": (draft, { seq, data }) => {
    draft.status = "failed";
    settleCalls(draft, "failed");
    const failure = { code: text(data.code), text: text(data.message), nodeId: draft.failedNode };
    draft.talk.push({ kind: "error", seq, failure });
  },
  "run.cancelled": (draft, { seq }) => {
    draft.status = "cancelled";
    settleCalls(draft, "cancelled");
    draft.talk.push({ kind: "note", seq, text: "Cancelled." });
  },

  "node.started": (draft, { seq, at, node_id, data }) => {
    const id = node_id ?? "";
    draft.nodes.set(id, "running");
    // A model's input and output come with its answers.
    if (isModel(draft, id)) return;
    openExchange(draft, id, { key: String(seq), at, input: data.input, output: undefined, failed: false });
    markEdges(draft, (edge) => edge.label === "" && edge.target === id, "done");
    markModel(draft, id, { status: () => "running" });
  },
  "node.finished": (draft, { node_id, data }) => {
    const id = node_id ?? "";
    draft.nodes.set(id, "done");
    if (isModel(draft, id)) return;
    closeExchange(draft, id, { output: data.output, failed: false });
    markEdges(draft, (edge) => edge.label === "" && edge.source === id, "running");
    markModel(draft, id, { status: () => "done", only: "running" });
  },
  "node.failed": (draft, { node_id, data }) => {
    const id = node_id ?? "";
    draft.nodes.set(id, "failed");
    draft.failedNode = id;
    closeExchange(draft, id, { output: data, failed: true });
    const code = text(data.code);
    markModel(draft, id, { status: (type) => (canFailBy(type, code) ? "failed" : "done"), only: "running" });
  },

  "model.answered": (draft, { seq, at, node_id, data }) => {
    const id = node_id ?? "";
    const agentId = text(data.agent_node_id);
    const said = text(data.text);
    const calls = callsInWords(data.tool_calls);
    draft.nodes.set(id, "done");
    markEdges(draft, (edge) => edge.label === "llm" && edge.source === id && edge.target === agentId, "done");
    const output = { ...(said === "" ? {} : { says: said }), ...(calls === "" ? {} : { calls }) };
    openExchange(draft, id, { key: String(seq), at, input: undefined, output, failed: false });
    if (said !== "") draft.talk.push({ kind: "agent", seq, text: said, scripted: data.scripted === true });
  },

  "tool.started": (draft, { seq, at, node_id, data }) => {
    const nodeId = node_id ?? "";
    const [callId, agentId] = [text(data.call_id), text(data.agent_node_id)];
    draft.nodes.set(nodeId, "running");
    for (const { id } of toolEdges(draft, nodeId, agentId)) draft.edges.set(id, "running");
    callsOf(draft, agentId).add(callId);
    openExchange(draft, nodeId, {
      key: callId,
      at,
      input: data.arguments,
      output: undefined,
      failed: false,
    });
    draft.talk.push({
      kind: "tool",
      seq,
      callId,
      tool: text(data.tool),
      nodeId,
      agentId,
      state: "running",
      arguments: data.arguments,
      result: undefined,
    });
  },
  "tool.waiting": (draft, { at, node_id, data }) => {
    const waitId = text(data.wait_id);
    // A resumed run repeats what it waits for.
    const before = callOf(draft, text(data.call_id))?.wait;
    const same = before?.waitId === waitId ? before : undefined;
    const wait = {
      ...(waitId === "" ? {} : { since: at, waitId, ...same }),
      ...(data.reason === "approval" ? { since: before?.since ?? at, waitsFor: text(data.waits_for) } : {}),
      until: text(data.until),
      reason: text(data.reason),
    };
    draft.waits.set(node_id ?? "", wait);
    changeCall(draft, text(data.call_id), { wait });
  },
  "tool.message_arrived": (draft, { seq, node_id, data }) => {
    const nodeId = node_id ?? "";
    const arrived = arrivalOf(data);
    const before = callOf(draft, text(data.call_id))?.wait;
    const wait = { until: "", reason: "delivered_code", ...before, waitId: text(data.wait_id), arrived };
    draft.waits.set(nodeId, wait);
    changeCall(draft, text(data.call_id), { wait });
    for (const { id } of toolEdges(draft, nodeId, text(data.agent_node_id))) draft.arrivals.set(id, arrived);
    draft.talk.push({ kind: "note", seq, text: `${arrivalWords(arrived)}.` });
  },
  "tool.finished": (draft, { node_id, data }) => {
    const nodeId = node_id ?? "";
    const [callId, agentId] = [text(data.call_id), text(data.agent_node_id)];
    const failed = data.ok !== true;
    const result = inContractOrder(text(data.tool), data.result);
    const state = failed ? "failed" : "done";
    draft.nodes.set(nodeId, state);
    closeExchange(draft, nodeId, { key: callId, output: result, failed });
    changeCall(draft, callId, { state, result, wait: undefined });
    keepWaiting(draft, nodeId);
    for (const { id } of toolEdges(draft, nodeId, agentId)) {
      draft.edges.set(id, state);
      draft.arrivals.delete(id);
    }
    const open = callsOf(draft, agentId);
    open.delete(callId);
    if (open.size === 0 && draft.nodes.get(agentId) === "running")
      markModel(draft, agentId, { status: () => "running" });
  },
};

const callOf = (draft: RunDraft, callId: string) =>
  draft.talk.findLast((line) => line.kind === "tool" && line.callId === callId) as ToolCall | undefined;

/** A tool that was called twice at the same time may still wait for the other call. */
function keepWaiting(draft: RunDraft, nodeId: string): void {
  const other = draft.talk.findLast((line) => line.kind === "tool" && line.nodeId === nodeId && line.wait);
  if (other?.kind === "tool" && other.wait) draft.waits.set(nodeId, other.wait);
  else draft.waits.delete(nodeId);
}

const arrivalOf = (data: RunEvent["data"]): Arrival => ({
  from: text(data.sender_host),
  kind: data.kind === "link" || data.kind === "ambiguous" ? data.kind : "code",
});

function changeCall(draft: RunDraft, callId: string, change: Partial<ToolCall>): void {
  const index = draft.talk.findLastIndex((line) => line.kind === "tool" && line.callId === callId);
  const line = draft.talk[index];
  if (line?.kind === "tool") draft.talk[index] = { ...line, ...change };
}

/** When a run is cut short, no more events come for its open calls. */
function settleCalls(draft: RunDraft, state: "failed" | "cancelled"): void {
  draft.waits.clear();
  draft.arrivals.clear();
  for (const line of draft.talk)
    if (line.kind === "tool" && line.state === "running")
      changeCall(draft, line.callId, { state, wait: undefined });
}

/** The calls a model asked for, one a line. */
const callsInWords = (calls: unknown): string =>
  (Array.isArray(calls) ? calls : [])
    .map((call: { tool?: unknown; arguments?: unknown } | null) => {
      const given = JSON.stringify(call?.arguments ?? {});
      return `${text(call?.tool)}${given === "{}" ? "" : ` ${given}`}`;
    })
    .join("\n");

function markEdges(draft: RunDraft, which: (edge: WorkflowEdge) => boolean, status: PartStatus): void {
  for (const edge of draft.graph.edges) if (which(edge)) draft.edges.set(edge.id, status);
}

const toolEdges = ({ graph }: RunDraft, toolId: string, agentId: string): readonly WorkflowEdge[] =>
  graph.edges.filter(
    ({ label, source, target }) => label === "tool" && source === toolId && target === agentId,
  );

const isModel = ({ graph }: RunDraft, nodeId: string): boolean =>
  findContract(graph.nodes.find(({ id }) => id === nodeId)?.type ?? "")?.kind === "model";

/** Whether this node type can cause the error: an agent may also fail for reasons outside of its model. */
const canFailBy = (type: string, code: string): boolean =>
  findContract(type)?.errors.some((known) => known === code) ?? false;

interface ModelMark {
  readonly status: (modelType: string) => PartStatus;
  /** Marks the model only if it has this status now. */
  readonly only?: PartStatus;
}

/** Sets the status of an agent's model and of the edge between them. */
function markModel(draft: RunDraft, agentId: string, { status: statusOf, only }: ModelMark): void {
  for (const edge of draft.graph.edges) {
    if (edge.label !== "llm" || edge.target !== agentId) continue;
    if (only !== undefined && draft.nodes.get(edge.source) !== only) continue;
    const status = statusOf(draft.graph.nodes.find(({ id }) => id === edge.source)?.type ?? "");
    draft.edges.set(edge.id, status);
    draft.nodes.set(edge.source, status);
  }
}

function callsOf(draft: RunDraft, agentId: string): Set<string> {
  const calls = draft.openCalls.get(agentId) ?? new Set<string>();
  draft.openCalls.set(agentId, calls);
  return calls;
}

function openExchange(draft: RunDraft, nodeId: string, exchange: Exchange): void {
  draft.exchanges.set(nodeId, [...(draft.exchanges.get(nodeId) ?? []), exchange]);
}

type ExchangeEnd = Pick<Exchange, "output" | "failed"> & Partial<Pick<Exchange, "key">>;

/** Completes the exchange with this key, or the last one. A node that failed before it started gets a new one. */
function closeExchange(draft: RunDraft, nodeId: string, { key, ...end }: ExchangeEnd): void {
  const list = draft.exchanges.get(nodeId) ?? [];
  const index = key === undefined ? list.length - 1 : list.findIndex((exchange) => exchange.key === key);
  const open = list[index];
  if (open) draft.exchanges.set(nodeId, list.with(index, { ...open, ...end }));
  else openExchange(draft, nodeId, { key: key ?? "end", at: "", input: undefined, ...end });
}
