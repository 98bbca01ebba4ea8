import type { ToolType } from "../../plugin/catalogue.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { Vault } from "../vault/vault.ts";
import type { ToolExecutors } from "../workflow/node-executor.ts";
import { executeCreateAgentUser } from "./create-agent-user.ts";
import { executeGetTotpCode } from "./get-totp-code.ts";
import { executeHttpRequest } from "./http-request.ts";
import { executePlatformApi, type PlatformApiParts } from "./platform-api.ts";
import type { RevealParts } from "./reveal-secret.ts";
import { executeVaultStore } from "./vault-store.ts";
import { executeVaultTotp } from "./vault-totp.ts";
import { executeVerifyTotpCode } from "./verify-totp-code.ts";
import { executeWaitForCode } from "./wait-for-code.ts";
import { executeWhoami } from "./whoami.ts";

/** One executor for every tool of the catalogue; each is given only the functions it uses. */
export const createExecutors = (
  agentUsers: AgentUsers,
  parts: Omit<PlatformApiParts, "openSessionFor" | "describe"> & {
    readonly vault: Vault;
    readonly inbox: Inbox;
  },
): ToolExecutors => {
  const reveal: RevealParts = { handles: parts.handles, now: parts.now, describe: agentUsers.describe };
  return {
    create_agent_user: executeCreateAgentUser(agentUsers, parts.place, reveal),
    get_totp_code: executeGetTotpCode(agentUsers, reveal),
    verify_totp_code: executeVerifyTotpCode(agentUsers),
    whoami: executeWhoami(agentUsers, parts.place),
    vault_totp: executeVaultTotp({ ...reveal, vault: parts.vault }),
    vault_store: executeVaultStore({ ...reveal, vault: parts.vault }),
    wait_for_code: executeWaitForCode({ ...reveal, inbox: parts.inbox }),
    platform_api: executePlatformApi({ ...parts, ...reveal, openSessionFor: agentUsers.openSessionFor }),
    http_request: executeHttpRequest({ ...reveal, sendOutbound: parts.sendOutbound }),
  } satisfies Record<ToolType, unknown>;
};
