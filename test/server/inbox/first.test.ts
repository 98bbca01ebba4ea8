import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const push = (body: object) =>
  server.send("POST", "/v1/credentials/totp", body, { "x-api-key": server.adminKey });

describe("a delivered code", () => {
  it("is waited for over HTTP", async () => {
    const waiting = server.api("POST", "/inbox/wait", { address: "x@example.com", timeout_seconds: 20 });
    await expect.poll(async () => (await server.api("GET", "/inbox/waits")).body.waits?.length).toBe(1);
    const pushed = await push({ totp_identifier: " X@Example.com", content: "Your login code is 482913" });
    expect([pushed.status, pushed.body]).toEqual([200, expect.objectContaining({ code: "482913" })]);
    const { status, body } = await waiting;
    expect([status, body]).toEqual([200, expect.objectContaining({ code: "482913" })]);
    expect((await server.api("GET", "/inbox/messages")).body).toMatchObject({ messages: [{ kind: "code" }] });
  });

  it("parks a run", async () => {
    const graph = agentWorkflow([
      { tool: "create_agent_user" },
      { tool: "wait_for_code" },
      { say: "I have it." },
    ] as never);
    graph.nodes.push(node("wait", "wait_for_code", {}));
    graph.edges.push(toolEdge("wait"));
    const slug = await server.addWorkflow(graph, "Parks");
    const started = await server.api("POST", `/workflows/${slug}/runs`, { input: "go" });
    console.log(started.body);
    const { id } = started.body;
    await expect.poll(async () => (await server.api("GET", `/runs/${id}`)).body.status).toBe("waiting");
    const pushed = await push({ totp_identifier: "agent_parks_agent", content: "Your login code is 551203" });
    expect(pushed.status).toBe(200);
    await expect
      .poll(async () => (await server.api("GET", `/runs/${id}`)).body.status, { timeout: 5000 })
      .toBe("succeeded");
    const run = (await server.api("GET", `/runs/${id}`)).body;
    console.log(JSON.stringify(run.events, null, 1));
  });
});
