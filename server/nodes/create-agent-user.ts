import type { createAgentUser } from "../../plugin/nodes/create-agent-user.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { agentPlaceOf, traceOf } from "./agent-place-of.ts";

export const executeCreateAgentUser =
  (
    { enroll }: Pick<AgentUsers, "enroll">,
    here: { readonly apiBaseUrl: string },
  ): NodeExecutor<typeof createAgentUser> =>
  async ({ purpose }, call) => {
    const place = agentPlaceOf(call);
    const enrolled = await enroll({ place, workflowSlug: call.workflow.slug, purpose, ...traceOf(call) });
    return {
      success: true,
      username: enrolled.username,
      api_key: enrolled.apiKey,
      api_base_url: call.config.api_base_url || here.apiBaseUrl,
      purpose: enrolled.purpose,
      already_existed: enrolled.alreadyExisted,
    };
  };
