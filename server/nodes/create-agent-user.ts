import type { createAgentUser as contract } from "../../plugin/nodes/create-agent-user.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { handleSeconds, ownPlace, revealSecret } from "./call-handles.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

type Call = ConfiguredCall<typeof contract>;

/** Who calls with a token that was exchanged never gets the key itself, which would outlive the token. */
const withoutLasting = (call: Call): Call =>
  call.caller.provenBy === "workload_token"
    ? { ...call, config: { ...call.config, reveal: "handle" } }
    : call;

export async function createAgentUser(
  parts: NodeParts,
  { purpose }: ToolInput<typeof contract>,
  call: Call,
): Promise<ToolOutput<typeof contract>> {
  const { workflow } = call;
  const caller = agentOf(call);
  const node = workflow.nodes.find(({ id }) => id === caller.location.agentNodeId);
  const enrolled = await parts.agentUsers.enroll({
    caller,
    workflowSlug: call.claimSlug ?? workflow.slug,
    agentName: node?.data.label,
    purpose,
  });
  const secret = {
    kind: "key",
    value: enrolled.api_key,
    seconds: handleSeconds,
    place: ownPlace,
  } as const;
  return {
    success: true,
    username: enrolled.username,
    api_key: await revealSecret(parts, withoutLasting(call), secret),
    api_base_url: call.config.api_base_url || parts.server.apiBaseUrl,
    purpose: enrolled.purpose,
    already_existed: enrolled.already_existed,
  };
}
