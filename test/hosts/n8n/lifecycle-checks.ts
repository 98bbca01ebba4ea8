import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checks } from "../checks.ts";
import type { Step } from "../model-stand-in.ts";
import { drawWorkflow } from "./draw-workflow.ts";
import type { Workbench } from "./workbench.ts";

const script: readonly Step[] = [{ tool: /^Create_Agent_User$/ }];
const agents = [{ name: "AI Agent", id: "a1", tools: ["Create Agent User"] }];

const usernameIn = (said: string): string => /agent_[\w-]+/.exec(said)?.[0] ?? said;

/** One identity through everything that happens to a workflow and to both servers. */
export async function checkLifecycle(checks: Checks, bench: Workbench): Promise<void> {
  const { n8n, totem } = bench;
  const flow = await bench.save({ name: "Support flow", agents });
  const username = "agent_support-flow_a1";

  await checks.check("a renamed workflow keeps its agent's username", async () => {
    assert.equal(usernameIn(await flow.run(script)), username);
    await flow.rename("Something else");
    assert.equal(usernameIn(await flow.run(script)), username);
    const [known] = await totem.workflows(flow.id);
    assert.equal(known?.workflow_name, "Something else");
    return `${username} in ${known?.workflow_name}`;
  });

  await checks.check(
    "a duplicate of a workflow, with the same node ids, has an identity of its own",
    async () => {
      const copy = await bench.save({ name: "Support flow", agents });
      const other = usernameIn(await copy.run(script));
      assert.equal(other, "agent_support-flow-2_a1");
      return `${username} and ${other}`;
    },
  );

  await checks.check("n8n restarted: the same identity", async () => {
    await n8n.stop();
    await n8n.start();
    const said = await flow.run(script);
    assert.equal(usernameIn(said), username);
    assert.match(said, /already_existed\\":true/);
    return username;
  });

  await checks.check(
    "Totem down: a clear error in n8n within seconds, and all is well when it is back",
    async () => {
      await totem.stop();
      const started = performance.now();
      const said = await flow.run(script);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const [last = ""] = await bench.executions(flow.id);
      assert.match(last, /Totem does not answer/);
      assert.doesNotMatch(last, /totem_key_/);
      await totem.start();
      assert.equal(usernameIn(await flow.run(script)), username);
      return `after ${seconds} s: ${said}`;
    },
  );

  await checks.check("the credential's test button tells a good key from a bad one", async () => {
    const test = async (apiKey: string): Promise<{ status: string; message: string }> =>
      await n8n.rest("POST", "/credentials/test", {
        credentials: { id: "", name: "Totem", type: "totemApi", data: { url: totem.url, apiKey } },
      });
    assert.equal((await test(await totem.makeKey())).status, "OK");
    const bad = await test("totem_key_of-nobody");
    assert.equal(bad.status, "Error");
    return `good: OK; bad: ${bad.message}`;
  });

  await checks.check("n8n execute, without a server: the same tools", async () => {
    const { workflow } = drawWorkflow({
      name: "Command line",
      agents,
      credentials: bench.credentials,
      trigger: "manual",
    });
    await n8n.stop();
    const file = join(n8n.folder, "workflow.json");
    writeFileSync(file, JSON.stringify([{ ...workflow, id: "commandLine00001", active: false }]));
    const imported = await n8n.command(["import:workflow", `--input=${file}`]);
    assert.equal(imported.code, 0, imported.output);
    bench.model.play(script);
    const { code, output } = await n8n.command(["execute", "--id=commandLine00001", "--rawOutput"]);
    assert.equal(code, 0, output);
    assert.match(output, /agent_command-line_a1/);
    return usernameIn(output);
  });
}
