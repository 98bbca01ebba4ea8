import { findContract } from "../../plugin/catalogue.ts";
import { triggerChat } from "../../plugin/nodes/trigger-chat.ts";
import { triggerManual } from "../../plugin/nodes/trigger-manual.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { flowTargets } from "../../plugin/tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "../../plugin/workflow.ts";

/** Where a run begins: a message begins at the Chat Trigger, a press of Run at the Manual Trigger, if there is one. */
export function chooseTrigger(graph: WorkflowGraph, input: string): WorkflowNode {
  const leading = flowTargets(graph);
  const triggers = graph.nodes
    .filter((node) => findContract(node.type)?.kind === "trigger")
    // One that leads nowhere is only chosen when there is no other.
    .toSorted((a, b) => Number(leading.has(b.id)) - Number(leading.has(a.id)));
  const ready = triggers.filter((node) => leading.has(node.id));
  const ofType = (type: string) => ready.find((node) => node.type === type);
  const wanted = input === "" ? ofType(triggerManual.type) : ofType(triggerChat.type);
  const [any] = triggers;
  const chosen = wanted ?? ofType(triggerManual.type) ?? any;
  if (!chosen) throw new PluginError("WORKFLOW_INVALID");
  return chosen;
}

export function triggerOutput(node: WorkflowNode, input: string): string {
  if (input !== "" || node.type !== triggerManual.type) return input;
  return triggerManual.config.parse(node.data.config).input;
}
