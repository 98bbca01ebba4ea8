import type { getTotpCode } from "../../plugin/nodes/get-totp-code.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { agentPlaceOf, traceOf } from "./agent-place-of.ts";
import { type RevealParts, revealSecret } from "./reveal-secret.ts";

export const executeGetTotpCode =
  ({ issueCode }: Pick<AgentUsers, "issueCode">, reveal: RevealParts): NodeExecutor<typeof getTotpCode> =>
  async ({ username }, call) => {
    const issued = await issueCode({
      place: agentPlaceOf(call),
      requested: username,
      minRemaining: call.minRemaining,
      signal: call.signal,
      onWaiting: call.onWaiting,
      ...traceOf(call),
    });
    return {
      success: true,
      username: issued.username,
      totp_code: await revealSecret(reveal, call, {
        kind: "code",
        value: issued.code,
        seconds: issued.expiresIn,
      }),
      expires_in: issued.expiresIn,
      period: issued.period,
    };
  };
