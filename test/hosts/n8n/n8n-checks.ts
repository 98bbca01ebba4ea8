import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Checks, Say } from "../checks.ts";
import { installHost } from "../install-host.ts";
import { startModelStandIn } from "../model-stand-in.ts";
import { startTotemForHosts } from "../totem-for-hosts.ts";
import { runNodeCli, stagePackage } from "./build-package.ts";
import { checkCalls } from "./call-checks.ts";
import { nodeTypes } from "./draw-workflow.ts";
import { checkKeyPairs } from "./key-pair-checks.ts";
import { checkLifecycle } from "./lifecycle-checks.ts";
import { startN8n } from "./n8n-server.ts";
import { checkOutside } from "./outside-checks.ts";
import { setUpWorkbench } from "./workbench.ts";

/** Totem's package, built and linted by n8n's own tools, in a real n8n. */
export async function checkN8n(checks: Checks, say: Say): Promise<void> {
  const installed = await installHost("n8n", join(import.meta.dirname, "host"), say);
  const cli = await installHost("n8n-node-cli", join(import.meta.dirname, "node-cli"), say);
  const stack = new AsyncDisposableStack();
  try {
    const built = stagePackage(cli);
    stack.defer(() => rmSync(dirname(built.folder), { recursive: true, force: true }));
    await checks.check("n8n-node build, against n8n's real types", () => runNodeCli(built, "build"));
    await checks.check("n8n-node lint, with its rules for packages that use files", () =>
      runNodeCli(built, "lint"),
    );
    const totem = await startTotemForHosts();
    stack.defer(totem.remove);
    const model = await startModelStandIn();
    stack.defer(model.stop);
    const n8n = await startN8n(installed, built);
    stack.defer(n8n.remove);

    await checks.check("n8n has loaded every node, and as a tool", async () => {
      const answer = await fetch(`${n8n.url}/types/nodes.json`, { headers: { cookie: n8n.cookie() } });
      const names = new Set(((await answer.json()) as { name: string }[]).map(({ name }) => name));
      const wanted = nodeTypes.flatMap((type) => [type, `${type}Tool`]);
      assert.deepEqual(
        wanted.filter((name) => !names.has(name)),
        [],
      );
      return nodeTypes.join(", ");
    });
    const bench = await setUpWorkbench(n8n, totem, model);
    await checkCalls(checks, bench);
    await checkOutside(checks, bench);
    await checkKeyPairs(checks, bench);
    await checkLifecycle(checks, bench);
  } finally {
    await stack.disposeAsync();
  }
}
