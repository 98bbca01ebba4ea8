import type { createAgentUser as contract } from "../../plugin/nodes/create-agent-user.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { handleSeconds, revealSecret } from "./call-handles.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

export async function createAgentUser(
  parts: NodeParts,
  { purpose }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const { workflow } = call;
  const caller = agentOf(call);
  const node = workflow.nodes.find(({ id }) => id === caller.location.agentNodeId);
  const { api_key, ...enrolled } = await parts.agentUsers.enroll({
    caller,
    workflowSlug: call.claimSlug ?? workflow.slug,
    agentName: node?.data.label,
    purpose,
  });
  return {
    success: true,
    ...enrolled,
    api_key: await revealSecret(parts, call, { kind: "key", value: api_key, seconds: handleSeconds }),
    api_base_url: call.config.api_base_url || parts.server.apiBaseUrl,
  };
}
