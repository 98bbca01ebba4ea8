import { readReach } from "../../plugin/may-reach.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import type { ToolCall } from "../workflow/node-executor.ts";
import type { NodeParts } from "./node-parts.ts";

/** The judge of a tool's requests: where its agent may send them, as the agent node says in the version that runs. */
export function reachJudge({ reach }: Pick<NodeParts, "reach">, caller: AgentUserCaller, call: ToolCall) {
  const { agentNodeId } = caller.location;
  const setting = call.workflow.nodes.find(({ id }) => id === agentNodeId)?.data.config.may_reach;
  const rules = readReach(typeof setting === "string" ? setting : "");
  // A limit that cannot be read is no reason to have none.
  if (typeof rules === "string" || (setting !== undefined && typeof setting !== "string"))
    throw new PluginError("REACH_REFUSED", {
      message:
        "Where this agent may send requests cannot be read: its builder corrects it on the agent node.",
    });
  return ({
    method,
    destination,
  }: {
    readonly method: string;
    readonly destination: { readonly url?: URL };
  }) =>
    destination.url === undefined ? undefined : reach.judge(caller, { rules, method, url: destination.url });
}
