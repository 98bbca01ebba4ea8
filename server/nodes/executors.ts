import type { ToolType } from "../../plugin/catalogue.ts";
import type { ToolExecutors } from "../workflow/node-executor.ts";
import { createAgentUser } from "./create-agent-user.ts";
import { getTotpCode } from "./get-totp-code.ts";
import { httpRequest } from "./http-request.ts";
import type { NodeParts } from "./node-parts.ts";
import { platformApi } from "./platform-api.ts";
import { vaultStore } from "./vault-store.ts";
import { vaultTotp } from "./vault-totp.ts";
import { verifyTotpCode } from "./verify-totp-code.ts";
import { waitForCode } from "./wait-for-code.ts";
import { whoami } from "./whoami.ts";

/** One executor for every tool of the catalogue. */
export const createExecutors = (parts: NodeParts): ToolExecutors =>
  ({
    create_agent_user: createAgentUser.bind(null, parts),
    get_totp_code: getTotpCode.bind(null, parts),
    verify_totp_code: verifyTotpCode.bind(null, parts),
    whoami: whoami.bind(null, parts),
    vault_totp: vaultTotp.bind(null, parts),
    vault_store: vaultStore.bind(null, parts),
    wait_for_code: waitForCode.bind(null, parts),
    platform_api: platformApi.bind(null, parts),
    http_request: httpRequest.bind(null, parts),
  }) satisfies Record<ToolType, unknown>;
