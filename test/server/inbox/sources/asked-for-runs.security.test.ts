import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../../../support/build-workflow.ts";
import { startCodeEndpoint } from "../../../support/code-endpoint.ts";
import { addSource } from "../../../support/inbox-sources.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";

const endpoint = await startCodeEndpoint();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ settings: { TOTEM_ALLOWED_URLS: endpoint.origin } });
});
afterAll(async () => {
  await server.stop();
  endpoint.stop();
});

const askedFor = () => endpoint.asked.map(({ body }) => JSON.parse(body));
const soon = { timeout: 20_000, interval: 50 };

async function addWaiting(name: string): Promise<string> {
  const graph = agentWorkflow([
    { tool: "create_agent_user" },
    { tool: "wait_for_code" },
    { say: "I have it." },
  ] as never);
  graph.nodes.push(node("wait", "wait_for_code", {}));
  graph.edges.push(toolEdge("wait"));
  return server.addWorkflow(graph, name);
}
const start = async (slug: string): Promise<string> =>
  (await server.api("POST", `/workflows/${slug}/runs`, { input: "go" })).body.id;
const statusOf = async (run: string) => (await server.api("GET", `/runs/${run}`)).body.status;
const waitsOf = async (run: string) => (await server.api("GET", `/inbox/waits?run_id=${run}`)).body.waits;

describe("a source that is asked for runs", () => {
  it("is told the run that waits, and what it says is for that run", async () => {
    const slug = await addWaiting("One run");
    await addSource(server, {
      kind: "pull",
      name: "one",
      address: "agent_one-run_agent",
      url: `${endpoint.origin}/one`,
    });
    const run = await start(slug);
    await expect.poll(() => statusOf(run), soon).toBe("waiting");
    endpoint.answerWith(({ body }) => ({
      body: { verification_code: JSON.parse(body).workflow_run_id === run ? "482913" : "" },
    }));
    await expect.poll(() => statusOf(run), soon).toBe("succeeded");
    expect(askedFor().at(-1)).toEqual({
      task_id: run,
      workflow_run_id: run,
      workflow_permanent_id: expect.any(String),
      totp_identifier: "agent_one-run_agent",
    });
  }, 60_000);

  it("F4: names no run when two wait, and its code goes to no run until a person chooses one", async () => {
    const slug = await addWaiting("Two runs");
    const runs = [await start(slug), await start(slug)];
    for (const run of runs) await expect.poll(() => statusOf(run), soon).toBe("waiting");
    endpoint.asked.length = 0;
    endpoint.answerWith(() => ({ body: { verification_code: "551203" } }));
    await addSource(server, {
      kind: "pull",
      name: "two",
      address: "agent_two-runs_agent",
      url: `${endpoint.origin}/two`,
    });
    for (const run of runs)
      await expect.poll(() => waitsOf(run), soon).toMatchObject([{ state: "waiting", ambiguous: true }]);
    expect(askedFor()[0]).toEqual({ totp_identifier: "agent_two-runs_agent" });
  }, 60_000);
});
