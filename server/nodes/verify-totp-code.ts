import type { verifyTotpCode as contract } from "../../plugin/nodes/verify-totp-code.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { codeFrom } from "./call-handles.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

export async function verifyTotpCode(
  parts: NodeParts,
  { code, username }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const shown = await codeFrom(parts, call, code);
  const caller = agentOf(call);
  const verified = await parts.agentUsers.verifyOwn({ caller, requested: username, code: shown });
  return { success: true, valid: true, username: verified.username };
}
