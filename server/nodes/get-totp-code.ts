import type { getTotpCode as contract } from "../../plugin/nodes/get-totp-code.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { revealSecret } from "./call-handles.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

export async function getTotpCode(
  parts: NodeParts,
  { username }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const issued = await parts.agentUsers.issueCode({
    caller: agentOf(call),
    requested: username,
    minRemaining: call.minRemaining,
    signal: call.signal,
    onWaiting: call.onWaiting,
  });
  const { code, expires_in, period } = issued;
  return {
    success: true,
    username: issued.username,
    totp_code: await revealSecret(parts, call, { kind: "code", value: code, seconds: expires_in }),
    expires_in,
    period,
  };
}
