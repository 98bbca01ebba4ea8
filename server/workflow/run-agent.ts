import { setImmediate } from "node:timers/promises";
import { agent as agentContract } from "../../plugin/nodes/agent.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow, WorkflowNode } from "../../plugin/workflow.ts";
import { askModel, type ModelAnswer, type ModelToolCall } from "../model/ask-model.ts";
import type { OpenedModel } from "../model/language-model.ts";
import { hideSecretFields, secretValues } from "../redaction/secret-fields.ts";
import {
  type AgentProgress,
  type AgentRun,
  addAnswer,
  addResult,
  type OpenAnswer,
  restoreProgress,
} from "./agent-run.ts";
import { type AgentTool, agentTools, modelNodeOf, offerTool } from "./agent-tools.ts";
import { Suspended } from "./node-executor.ts";
import { retryWhileAway } from "./retry-while-away.ts";
import { runTool } from "./run-tool.ts";

/** How many tool calls one answer may ask for. With more, no call runs and the run fails. */
const mostCallsAtOnce = 64;

/** How many tool calls one agent may make in a run. */
const mostCalls = 1_000;

/**
 * Asks the model, stores its answer, makes its calls one after the other, and asks again until it wants no call.
 * It stores each answer before the calls, the begin of each call before the call, and each result after it. A process
 * that takes over knows from these which calls it may make.
 */
export async function runAgent(run: AgentRun): Promise<string> {
  const config = parseInput(agentContract.config, run.agentNode.data.config, "config");
  const tools = toolsOf(run.workflow, run.agentNode.id);
  const modelNode = modelNodeOf(run.workflow, run.agentNode.id);
  if (!modelNode) throw new PluginError("WORKFLOW_INVALID");

  const progress = restoreProgress(run.input, run.steps);
  let opened: OpenedModel | undefined;
  for (;;) {
    run.signal.throwIfAborted();
    if (progress.open) {
      const { number, answer } = progress.open;
      if (answer.calls.length === 0) return finishModel(run, modelNode, answer.text);
      if (number + 1 >= config.max_steps) throw new PluginError("RUN_TOO_LONG");
      await makeCalls(run, tools, { progress, open: progress.open });
      continue;
    }
    let answer: ModelAnswer;
    try {
      if (progress.answers === 0) run.journal.event("node.started", modelNode.id, {});
      // Stored while the model works. Nothing happens before that could not be repeated.
      run.journal.flushSoon();
      opened ??= await retryWhileAway(() => run.resolveModel(run.workspaceId, modelNode), run);
      answer = await askModel({
        opened,
        instructions: config.system_prompt,
        messages: progress.messages,
        tools: [...tools.values()].map(offerTool),
        signal: run.signal,
      });
    } catch (error) {
      run.signal.throwIfAborted();
      if (error instanceof PluginError)
        run.journal.event("node.failed", modelNode.id, { code: error.code, message: error.message });
      throw error;
    }
    // Before the answer is stored: a refused answer must not fill the database.
    refuseTooManyCalls(progress, answer);
    recordAnswer(run, tools, { modelNode, open: addAnswer(progress, answer), scripted: opened.scripted });
  }
}

function refuseTooManyCalls({ calls: before }: AgentProgress, { calls }: ModelAnswer): void {
  if (calls.length > mostCallsAtOnce)
    throw new PluginError("RUN_TOO_LONG", {
      message: `The model asked for more than ${mostCallsAtOnce} tool calls in one answer.`,
    });
  if (before + calls.length > mostCalls)
    throw new PluginError("RUN_TOO_LONG", {
      message: `The agent asked for more than ${mostCalls} tool calls in one run.`,
    });
}

type Tools = ReadonlyMap<string, AgentTool>;

const toolsOf = (workflow: Workflow, agentNodeId: string): Tools =>
  new Map(agentTools(workflow, agentNodeId).map((tool) => [tool.name, tool]));

/** The same for one call before and after a crash, and different for each call. */
const callIdOf = (run: AgentRun, answer: number, index: number): string =>
  `${run.runId}/${run.agentNode.id}/${answer}/${index}`;

/** What people see of a call's arguments. Text that is not JSON is hidden: its secrets cannot be found. */
function shownInput(tools: Tools, call: ModelToolCall): unknown {
  if (typeof call.input !== "object" || call.input === null) return {};
  const tool = tools.get(call.tool);
  return tool ? hideSecretFields(tool.contract.input, call.input) : call.input;
}

function recordAnswer(
  run: AgentRun,
  tools: Tools,
  { modelNode, open, scripted }: { modelNode: WorkflowNode; open: OpenAnswer; scripted: boolean },
): void {
  const { answer, number } = open;
  learnInputs(run, tools, answer.calls);
  run.journal.step({ nodeId: run.agentNode.id, kind: "model_answer", content: answer });
  run.journal.event("model.answered", modelNode.id, {
    agent_node_id: run.agentNode.id,
    text: answer.text,
    tool_calls: answer.calls.map((call, index) => ({
      call_id: callIdOf(run, number, index),
      tool: call.tool,
      node_id: tools.get(call.tool)?.nodeId ?? null,
      arguments: shownInput(tools, call),
    })),
    scripted,
  });
}

async function makeCalls(
  run: AgentRun,
  tools: Tools,
  { progress, open }: { readonly progress: AgentProgress; readonly open: OpenAnswer },
): Promise<void> {
  const nodeId = run.agentNode.id;
  for (const [index, call] of open.answer.calls.entries()) {
    if (open.results.has(index)) continue;
    // An embedded database answers without a turn of the event loop. Requests would wait until all calls are over.
    await setImmediate();
    run.signal.throwIfAborted();
    const tool = tools.get(call.tool);
    const callId = callIdOf(run, open.number, index);
    const shown = { call_id: callId, tool: call.tool, agent_node_id: nodeId };
    const before = open.started.get(index);
    if (before === undefined)
      run.journal.event("tool.started", tool?.nodeId ?? null, {
        ...shown,
        arguments: shownInput(tools, call),
      });
    if (before !== "begun") {
      run.journal.step({ nodeId, kind: "tool_started", content: { answer: open.number, index } });
      await run.journal.flush();
    }
    const output = await runTool(run, { call, callId, tool, begunBefore: before === "begun" }).catch(
      (error) => {
        // It waits for people before it sends anything: its next begin is its first.
        if (error instanceof Suspended)
          run.journal.step({
            nodeId,
            kind: "tool_started",
            content: { answer: open.number, index, put_off: true },
          });
        throw error;
      },
    );
    if (tool) run.mask.learn(secretValues(tool.contract.output, output));
    run.journal.step({ nodeId, kind: "tool_result", content: { answer: open.number, index, output } });
    const result = tool ? hideSecretFields(tool.contract.output, output) : output;
    run.journal.event("tool.finished", tool?.nodeId ?? null, {
      ...shown,
      ok: output.success === true,
      result,
    });
    addResult(progress, index, output);
  }
}

function finishModel(run: AgentRun, modelNode: WorkflowNode, text: string): string {
  run.journal.event("node.finished", modelNode.id, { output: text });
  return text;
}

const learnInputs = (
  { mask }: Pick<AgentRun, "mask">,
  tools: Tools,
  calls: readonly ModelToolCall[],
): void => {
  for (const call of calls) {
    const tool = tools.get(call.tool);
    if (tool) mask.learn(secretValues(tool.contract.input, call.input));
  }
};

/** A process that takes over must hide what the processes before it learned, also of agents that have finished. */
export function relearnSecrets({
  workflow,
  steps,
  mask,
}: Pick<AgentRun, "workflow" | "steps" | "mask">): void {
  for (const [nodeId, own] of Map.groupBy(steps, (step) => step.nodeId)) {
    const tools = toolsOf(workflow, nodeId);
    let calls: readonly ModelToolCall[] = [];
    for (const { kind, content } of own) {
      if (kind === "model_answer") {
        calls = content.calls as ModelToolCall[];
        learnInputs({ mask }, tools, calls);
      }
      if (kind === "tool_result") {
        const tool = tools.get(calls[content.index]?.tool ?? "");
        if (tool) mask.learn(secretValues(tool.contract.output, content.output));
      }
    }
  }
}
