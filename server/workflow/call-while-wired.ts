import { isDeepStrictEqual } from "node:util";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import { findParentAgent } from "./agent-tools.ts";
import { callTool, type ToolCall, type ToolExecutors } from "./node-executor.ts";

interface WiredInput {
  readonly input: unknown;
  /** Reads the workflow as it is saved now. */
  readonly current: () => Promise<Workflow | undefined>;
}

/**
 * Calls a tool for a caller that waits at it. A call that waited, for a window, a message or people, looks at the canvas
 * again before its answer is shown: a wire that was cut meanwhile gives nothing. Runs keep the version that they began with.
 */
export async function callWhileWired(
  executors: ToolExecutors,
  call: ToolCall,
  { input, current }: WiredInput,
): Promise<Record<string, unknown>> {
  let waited = false;
  const onWaiting: ToolCall["onWaiting"] = (until, awaited) => {
    waited = true;
    call.onWaiting?.(until, awaited);
  };
  const answer = await callTool(executors, { ...call, onWaiting }, input);
  if (waited && !isStillWired(await current(), call))
    throw new PluginError("TOOL_NOT_WIRED", {
      message: "The tool was unwired or changed during the wait. Look at the canvas, then call it again.",
    });
  return answer;
}

/** Whether the tool is as it was, and still wired to the same agent. */
function isStillWired(now: Workflow | undefined, { workflow, nodeId, callerNodeId }: ToolCall): boolean {
  if (now?.version === workflow.version) return true;
  const [before, after] = [workflow, now].map((graph) => graph?.nodes.find(({ id }) => id === nodeId));
  if (!now || !before || after?.type !== before.type) return false;
  if (!isDeepStrictEqual(after.data.config, before.data.config)) return false;
  const agent = findParentAgent(workflow, nodeId, callerNodeId);
  try {
    return findParentAgent(now, nodeId, agent.id).id === agent.id;
  } catch {
    return false;
  }
}
