import type { verifyTotpCode } from "../../plugin/nodes/verify-totp-code.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { agentPlaceOf, traceOf } from "./agent-place-of.ts";

export const executeVerifyTotpCode =
  ({ verifyOwn }: Pick<AgentUsers, "verifyOwn">): NodeExecutor<typeof verifyTotpCode> =>
  async ({ code, username }, call) => {
    const verified = await verifyOwn({
      place: agentPlaceOf(call),
      requested: username,
      code,
      ...traceOf(call),
    });
    return { success: true, valid: true, username: verified.username };
  };
