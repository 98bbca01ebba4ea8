import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Checks } from "../checks.ts";
import type { Flows } from "./example-flows.ts";
import { equal, holds, verified } from "./seen.ts";
import type { FlowiseUnderTest } from "./start-flowise.ts";

/** The ways in: preloaded, broken, and copied into Flowise's own folder. */
export async function checkStarts(
  checks: Checks,
  { flowise, key, home, built, register }: FlowiseUnderTest,
  { flow, chat }: Flows,
): Promise<void> {
  await checks.check("Flowise restarted: the same accounts", async () => {
    await flowise.stop();
    await flowise.start([register]);
    const seen = [...verified(await flowise.ask(flow)), ...verified(await flowise.ask(chat))];
    equal(seen, [
      "agent_sales-flow_agentAgentflow_0",
      "agent_sales-flow_agentAgentflow_1",
      "agent_support-chat_toolAgent_0",
    ]);
    return seen.join(", ");
  });

  await checks.check("A package that is broken does not keep Flowise from starting", async () => {
    await flowise.stop();
    const broken = join(dirname(built), "broken");
    cpSync(built, broken, { recursive: true });
    rmSync(join(broken, "tool-node.js"));
    await flowise.start([join(broken, "register.js")]);
    await flowise.api("GET", "/nodes/toolAgent");
    return holds(flowise.output(), "Totem's tools were not added to Flowise: they could not be loaded");
  });

  await checks.check("install copies the tools, and Flowise has them without NODE_OPTIONS", async () => {
    await flowise.stop();
    const run = (...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(built, "install.js"), ...args, home],
        {
          encoding: "utf8",
        },
      );
      if (status !== 0) throw new Error(stderr);
      return stdout;
    };
    run();
    try {
      await flowise.start([]);
      const seen = verified(await flowise.ask(flow));
      equal(seen[1], "agent_sales-flow_agentAgentflow_1");
      return seen.join(", ");
    } finally {
      holds(run("--uninstall"), "Removed");
    }
  });

  await checks.check("The key is in nothing that Flowise has printed", async () => {
    if (flowise.output().includes(key)) throw new Error("It is.");
    return `${flowise.output().length} characters looked through`;
  });
}
