import type { vaultTotp } from "../../plugin/nodes/vault-totp.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Vault } from "../vault/vault.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { agentCallerOf } from "./agent-place-of.ts";
import { handleSeconds, type RevealParts, revealSecret } from "./reveal-secret.ts";

export const executeVaultTotp =
  ({
    vault,
    ...reveal
  }: RevealParts & { readonly vault: Pick<Vault, "issueCode"> }): NodeExecutor<typeof vaultTotp> =>
  async ({ name }, call) => {
    const entry = call.config.entry || name;
    if (entry === "")
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "arguments.name", problem: "Name a vault entry: none is set on the node." }],
      });
    const issued = await vault.issueCode({
      caller: agentCallerOf(call),
      entry: { name: entry },
      // By hand a person takes the code of this moment.
      minRemaining: call.minRemaining === 0 ? 0 : call.config.min_remaining,
      signal: call.signal,
      onWaiting: call.onWaiting,
    });
    return {
      success: true,
      name: issued.name,
      totp_code: await revealSecret(reveal, call, {
        kind: "code",
        value: issued.code,
        seconds: issued.expires_in ?? handleSeconds,
      }),
      expires_in: issued.expires_in,
      period: issued.period,
      backup_codes_remaining: issued.backup_codes_remaining,
      server_time: issued.server_time,
    };
  };
