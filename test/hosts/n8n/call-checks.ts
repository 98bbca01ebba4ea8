import assert from "node:assert/strict";
import type { Checks } from "../checks.ts";
import type { Step } from "../model-stand-in.ts";
import type { Workbench } from "./workbench.ts";

const create: Step = { tool: /^Create_Agent_User$/ };
const getCode: Step = { tool: /^Get_TOTP_Code$/ };
const verify: Step = {
  tool: /^Verify_TOTP_Code$/,
  arguments: (results) => ({ code: /"totp_code":"(\d+)"/.exec(results.at(-1) ?? "")?.[1] ?? "none" }),
};
const whoAmI: Step = { tool: /^Who_Am_I$/ };

/** Who is calling, on every version of n8n's agent, and that it is nobody where there is no agent. */
export async function checkCalls(checks: Checks, bench: Workbench): Promise<void> {
  const { totem, model } = bench;

  await checks.check("an agent creates its account, reads its code and Totem verifies it", async () => {
    const tools = ["Create Agent User", "Get TOTP Code", "Verify TOTP Code", "Who Am I"];
    const flow = await bench.save({ name: "Sales flow", agents: [{ name: "AI Agent", id: "a1", tools }] });
    const said = await flow.run([create, getCode, verify, whoAmI]);
    assert.match(said, /\\"valid\\":true,\\"username\\":\\"agent_sales-flow_a1\\"/);
    const [known] = await totem.workflows(flow.id);
    assert.equal(known?.workflow_name, "Sales flow");
    assert.deepEqual(
      known?.identities.map(({ agent_node_id, agent_node_name, username }) => [
        agent_node_id,
        agent_node_name,
        username,
      ]),
      [["a1", "AI Agent", "agent_sales-flow_a1"]],
    );
    return `valid, ${known?.identities[0]?.username}`;
  });

  await checks.check(
    "the model is offered the tools with their arguments, and nothing was set in n8n",
    async () => {
      const offered = model.requests[0]?.tools ?? [];
      const code = JSON.stringify(offered.find((tool) => tool.function.name === "Verify_TOTP_Code"));
      assert.match(code, /"required":\["code"\]/);
      assert.match(code, /Prove who you are/);
      return offered.map((tool) => tool.function.name).join(", ");
    },
  );

  await checks.check("four versions of the agent share one tool, and each is itself", async () => {
    const versions = [1.7, 2.2, 3, 3.1];
    const agents = versions.map((version) => ({
      name: `Agent ${version}`,
      id: `v${version}`,
      version,
      tools: ["Create Agent User", "Who Am I"],
    }));
    const flow = await bench.save({ name: "All versions", agents });
    await flow.run([create, whoAmI]);
    const [known] = await totem.workflows(flow.id);
    const found = known?.identities
      .map(({ agent_node_name, username }) => [agent_node_name, username])
      .sort();
    assert.deepEqual(
      found,
      versions.map((version) => [`Agent ${version}`, `agent_all-versions_v${version}`]),
    );
    return JSON.stringify(found);
  });

  await checks.check(
    "a second agent is separate: it has another account and no code of the first",
    async () => {
      const agents = [
        { name: "First", id: "first", tools: ["Create Agent User", "Get TOTP Code"] },
        { name: "Second", id: "second", tools: ["Get TOTP Code 2"] },
      ];
      const flow = await bench.save({ name: "Two", agents });
      const said = await flow.run([
        create,
        { tool: /^Get_TOTP_Code$/ },
        { tool: /^Get_TOTP_Code_2$/, arguments: { username: "agent_two_first" } },
      ]);
      assert.match(said, /"success\\":false/);
      assert.doesNotMatch(said, /totp_code/);
      return said;
    },
  );

  await checks.check("of two nested agents the inner one, whose tool it is, is calling", async () => {
    const agents = [
      { name: "Outer", id: "outer", tools: [] },
      { name: "Inner", id: "inner", toolOf: "Outer", tools: ["Create Agent User"] },
    ];
    const flow = await bench.save({ name: "Nested", agents });
    await flow.run([{ tool: /^Inner$/, arguments: { input: "Go" } }, create]);
    const [known] = await totem.workflows(flow.id);
    assert.deepEqual(
      known?.identities.map(({ username }) => username),
      ["agent_nested_inner"],
    );
    return String(known?.identities[0]?.username);
  });

  await checks.check("Execute step on a tool in the editor speaks for the agent it is wired to", async () => {
    const tools = ["Create Agent User", "Who Am I"];
    const drawing = {
      name: "Step",
      trigger: "manual" as const,
      agents: [{ name: "AI Agent", id: "a1", tools }],
    };
    const flow = await bench.save(drawing);
    assert.match(await flow.executeStep("Create Agent User"), /agent_step_a1/);
    assert.match(await flow.executeStep("Who Am I"), /agent_step_a1/);
    const [known] = await totem.workflows(flow.id);
    assert.equal(known?.identities.length, 1);
    return JSON.stringify(known?.identities[0]);
  });

  await checks.check("a tool in the main line, wired to no agent, is refused with the reason", async () => {
    const flow = await bench.save({ name: "Unwired", agents: [], plain: "Who Am I" });
    const said = await flow.run([]);
    const kept = (await bench.executions(flow.id)).join();
    assert.match(kept, /Connect this tool to an AI Agent/);
    assert.deepEqual(await totem.workflows(flow.id), []);
    return `the caller got ${said}; the editor shows "Connect this tool to an AI Agent"`;
  });

  await checks.check(
    "the log of executions holds the code that was given, and no API key and no service key",
    async () => {
      const [flow] = await totem.workflows();
      const kept = (
        await Promise.all((await totem.workflows()).map(({ workflow_id }) => bench.executions(workflow_id)))
      )
        .flat()
        .join();
      assert.match(kept, /totp_code/);
      assert.doesNotMatch(kept, /totem_(agent|key)_/);
      assert.doesNotMatch(bench.n8n.output(), /totem_(agent|key)_/);
      return `${kept.length} characters of ${flow?.workflow_name ?? "?"} and others`;
    },
  );
}
