import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScriptStep } from "../../../plugin/nodes/ai-model.ts";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Runs a script and returns what its last tool answered. */
async function lastAnswer(name: string, steps: readonly ScriptStep[]) {
  const graph = agentWorkflow([
    { tool: "create_agent_user" },
    { tool: "get_totp_code" },
    ...steps,
    { say: "Done." },
  ] as never);
  graph.nodes.push(node("store", "vault_store"), node("api", "platform_api"));
  graph.edges.push(toolEdge("store"), toolEdge("api"));
  const slug = await server.addWorkflow(graph, name);
  const started = await server.api("POST", `/workflows/${slug}/runs`, { input: "Go." });
  expect(started.status, started.text).toBe(202);
  const { id } = started.body;
  const ended = async () => (await server.api("GET", `/runs/${id}`)).body.finished_at;
  await expect.poll(ended, { timeout: 20_000 }).not.toBeNull();
  const events = await server.database.kysely
    .selectFrom("run_event")
    .select("data")
    .where("run_id", "=", id)
    .where("type", "in", ["tool.finished", "tool.failed"])
    .orderBy("seq")
    .execute();
  return events.at(-1)?.data;
}

describe("H11: what a tool stores for others to read", () => {
  const code = "{{get_totp_code.totp_code}}";
  it.each([
    ["name", { name: `n ${code}`, type: "CUSTOM" }],
    ["username", { name: "login", username: `u${code}` }],
    ["url", { name: "page", url: `https://example.com/${code}` }],
    ["origins", { name: "sites", origins: [`https://a${code}.example.com`] }],
  ])("H11: a code of the run does not get into the %s of an entry", async (field, input) => {
    const answer = await lastAnswer(`Stores ${field}`, [{ tool: "vault_store", arguments: input }]);
    expect(JSON.stringify(answer)).toContain("INPUT_INVALID");
    expect(JSON.stringify(answer)).toContain(`arguments.${field}`);
    expect((await server.api("GET", "/vault/entries")).body.entries).toEqual([]);
  });

  it("H11: nor, by Platform API, into a label", async () => {
    const path = "/api/v1/inbox/messages/6f1f1f6e-0d3c-4f0b-9a59-0d0a5e6b7c11/labels?next=/verify";
    const body = { add: [`l ${code}`] };
    const call = { tool: "platform_api", arguments: { method: "POST", path, body } };
    const answer = await lastAnswer("Labels", [call]);
    expect(JSON.stringify(answer)).toContain("arguments.body");
  });

  it("is no hindrance where a field is made for a secret, or a code is checked", async () => {
    const kept = { tool: "vault_store", arguments: { name: "kept", password: code } };
    expect(JSON.stringify(await lastAnswer("Keeps", [kept]))).toContain('"success":true');
    const path = "/api/v1/agent-users/{{create_agent_user.username}}/verify";
    const checked = { tool: "platform_api", arguments: { method: "POST", path, body: { code } } };
    expect(JSON.stringify(await lastAnswer("Checks", [checked]))).toContain('"status":200');
  });
});
