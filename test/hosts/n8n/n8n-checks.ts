import { join } from "node:path";
import type { Checks, Say } from "../checks.ts";
import { installHost } from "../install-host.ts";
import { startModelStandIn } from "../model-stand-in.ts";
import { startTotemForHosts } from "../totem-for-hosts.ts";

/** Totem's package in a real n8n. */
export async function checkN8n(checks: Checks, say: Say): Promise<void> {
  const n8n = await installHost("n8n", join(import.meta.dirname, "host"), say);
  const cli = await installHost("n8n-node-cli", join(import.meta.dirname, "node-cli"), say);
  await using stack = new AsyncDisposableStack();
  const totem = await startTotemForHosts();
  stack.defer(totem.remove);
  const model = await startModelStandIn();
  stack.defer(model.stop);
  await checks.check(
    "Totem and the model's stand-in run",
    async () => `${n8n} ${cli} ${totem.url} ${model.url}`,
  );
}
