import { findContract } from "../../plugin/catalogue.ts";
import { triggerChat } from "../../plugin/nodes/trigger-chat.ts";
import { triggerManual } from "../../plugin/nodes/trigger-manual.ts";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import { flowTargets, isFlowEdge } from "../../plugin/tool-edge.ts";
import { flowOrder } from "../../plugin/validate-workflow.ts";
import type { Workflow, WorkflowGraph, WorkflowNode } from "../../plugin/workflow.ts";
import { isDatabaseAway } from "../database/is-database-away.ts";
import type { SecretMask } from "../redaction/transcript-mask.ts";
import type { AgentRun } from "./agent-run.ts";
import { Suspended } from "./node-executor.ts";
import { runAgent } from "./run-agent.ts";
import type { Checkpoint } from "./run-checkpoint.ts";
import type { ClaimedRun } from "./run-claims.ts";
import { type RunJournal, RunLost } from "./run-journal.ts";

/** What all agents of all runs share. */
export type FlowParts = Pick<AgentRun, "clock" | "log" | "host" | "executors" | "resolveModel">;

interface Walk {
  readonly mask: SecretMask;
  readonly signal: AbortSignal;
  readonly run: ClaimedRun;
  readonly checkpoint: Checkpoint;
  readonly journal: RunJournal;
}

/** Runs the trigger, then every node that its unlabelled edges lead to, each after those before it. */
export async function walkFlow(parts: FlowParts, walk: Walk): Promise<string> {
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
      // No step: the trigger gives the same again at any time. Where there is a first step, its events are there too.
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
  parts: FlowParts,
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

/** Where a run begins: with a message at the Chat Trigger, without one at the Manual Trigger, if it exists. */
function chooseTrigger(graph: WorkflowGraph, input: string): WorkflowNode {
  const leading = flowTargets(graph);
  const triggers = graph.nodes
    .filter((node) => findContract(node.type)?.kind === "trigger")
    // One that leads to no node is chosen only when there is no other.
    .toSorted((a, b) => Number(leading.has(b.id)) - Number(leading.has(a.id)));
  const ready = triggers.filter((node) => leading.has(node.id));
  const ofType = (type: string) => ready.find((node) => node.type === type);
  const wanted = input === "" ? ofType(triggerManual.type) : ofType(triggerChat.type);
  const [any] = triggers;
  const chosen = wanted ?? ofType(triggerManual.type) ?? any;
  if (!chosen) throw new PluginError("WORKFLOW_INVALID");
  return chosen;
}

function triggerOutput(node: WorkflowNode, input: string): string {
  if (input !== "" || node.type !== triggerManual.type) return input;
  return triggerManual.config.parse(node.data.config).input;
}
