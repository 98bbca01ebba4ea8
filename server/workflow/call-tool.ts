import { findContract, isTool, type ToolType } from "../../plugin/catalogue.ts";
import type { ToolContract } from "../../plugin/define-node.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { NodeExecutor, ToolCall, ToolExecutors } from "./node-executor.ts";

/** The contract of a tool node of this workflow. */
export function getToolContract(call: Pick<ToolCall, "workflow" | "nodeId">): ToolContract {
  const node = call.workflow.nodes.find((candidate) => candidate.id === call.nodeId);
  if (!node) throw new PluginError("NODE_NOT_FOUND");
  const contract = findContract(node.type);
  if (!contract || !isTool(contract)) throw new PluginError("NODE_NOT_CALLABLE");
  return contract;
}

/**
 * Calls one tool node: checks what the canvas configured and what the caller sent against the
 * contract, then does the work. Throws PluginError; the edge decides how that is shown.
 */
export async function callTool(
  executors: ToolExecutors,
  call: ToolCall,
  input: unknown,
): Promise<Record<string, unknown>> {
  const contract = getToolContract(call);
  const node = call.workflow.nodes.find((candidate) => candidate.id === call.nodeId);
  const config = parseInput(contract.config, node?.data.config ?? {}, "config");
  const parsed = parseInput(contract.input, input, "arguments");
  // The catalogue's type says which executor takes which input; the lookup by string loses that, the parse restores it.
  const execute = executors[contract.type as ToolType] as NodeExecutor<ToolContract>;
  return execute(parsed, { ...call, config });
}
