import type { getTotpCode as contract } from "../../plugin/nodes/get-totp-code.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { awaitApproval } from "./await-approval.ts";
import { ownPlace, revealSecret } from "./call-handles.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

export async function getTotpCode(
  parts: NodeParts,
  { username, reason }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const caller = agentOf(call);
  const { minRemaining, signal, onWaiting } = call;
  const issued = await awaitApproval(parts, call, () =>
    parts.agentUsers.issueCode({ caller, requested: username, reason, minRemaining, signal, onWaiting }),
  );
  const { code, expires_in, period } = issued;
  return {
    success: true,
    username: issued.username,
    totp_code: await revealSecret(parts, call, {
      kind: "code",
      value: code,
      seconds: expires_in,
      place: ownPlace,
    }),
    expires_in,
    period,
  };
}
