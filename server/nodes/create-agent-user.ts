import type { createAgentUser } from "../../plugin/nodes/create-agent-user.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { agentPlaceOf, traceOf } from "./agent-place-of.ts";
import { handleSeconds, type RevealParts, revealSecret } from "./reveal-secret.ts";

export const executeCreateAgentUser =
  (
    { enroll }: Pick<AgentUsers, "enroll">,
    here: { readonly apiBaseUrl: string },
    reveal: RevealParts,
  ): NodeExecutor<typeof createAgentUser> =>
  async ({ purpose }, call) => {
    const place = agentPlaceOf(call);
    const enrolled = await enroll({
      place,
      workflowSlug: call.claimSlug ?? call.workflow.slug,
      agentName: call.workflow.nodes.find(({ id }) => id === place.agentNodeId)?.data.label,
      purpose,
      ...traceOf(call),
    });
    return {
      success: true,
      username: enrolled.username,
      api_key: await revealSecret(reveal, call, {
        kind: "key",
        value: enrolled.apiKey,
        seconds: handleSeconds,
      }),
      api_base_url: call.config.api_base_url || here.apiBaseUrl,
      purpose: enrolled.purpose,
      already_existed: enrolled.alreadyExisted,
    };
  };
