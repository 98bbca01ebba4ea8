import type { ToolType } from "../../plugin/catalogue.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { ToolExecutors } from "../workflow/node-executor.ts";
import { executeCreateAgentUser } from "./create-agent-user.ts";
import { executeGetTotpCode } from "./get-totp-code.ts";
import { executePlatformApi, type PlatformApiParts } from "./platform-api.ts";
import { executeVerifyTotpCode } from "./verify-totp-code.ts";
import { executeWhoami } from "./whoami.ts";

/** One executor for every tool of the catalogue; each is given only the functions it uses. */
export const createExecutors = (
  agentUsers: AgentUsers,
  parts: Omit<PlatformApiParts, "openSessionFor">,
): ToolExecutors =>
  ({
    create_agent_user: executeCreateAgentUser(agentUsers, parts.place),
    get_totp_code: executeGetTotpCode(agentUsers),
    verify_totp_code: executeVerifyTotpCode(agentUsers),
    whoami: executeWhoami(agentUsers),
    platform_api: executePlatformApi({ ...parts, openSessionFor: agentUsers.openSessionFor }),
  }) satisfies Record<ToolType, unknown>;
