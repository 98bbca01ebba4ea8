import type { verifyTotpCode as contract } from "../../plugin/nodes/verify-totp-code.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

export async function verifyTotpCode(
  { agentUsers }: NodeParts,
  { code, username }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const verified = await agentUsers.verifyOwn({ caller: agentOf(call), requested: username, code });
  return { success: true, valid: true, username: verified.username };
}
