import type { vaultTotp as contract } from "../../plugin/nodes/vault-totp.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { awaitApproval } from "./await-approval.ts";
import { handleSeconds, revealSecret } from "./call-handles.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

export async function vaultTotp(
  parts: NodeParts,
  { name, reason }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const entry = call.config.entry || name;
  if (entry === "")
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "arguments.name", problem: "Name a vault entry: none is set on the node." }],
    });
  const caller = agentOf(call);
  const issued = await awaitApproval(parts, call, () =>
    parts.vault.issueCode({
      caller,
      entry: { name: entry },
      reason,
      // By hand a person takes the code of this moment.
      minRemaining: call.minRemaining === 0 ? 0 : call.config.min_remaining,
      signal: call.signal,
      onWaiting: call.onWaiting,
    }),
  );
  const { entry_id: entryId, code, expires_in, period, backup_codes_remaining, server_time } = issued;
  const seconds = expires_in ?? handleSeconds;
  return {
    success: true,
    name: issued.name,
    totp_code: await revealSecret(parts, call, {
      kind: "code",
      value: code,
      seconds,
      place: { belongsTo: "vault_entry", entryId },
    }),
    expires_in,
    period,
    backup_codes_remaining,
    server_time,
  };
}
