import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let session = "";
let key = "";
let workflow: { id: string; slug: string };
beforeAll(async () => {
  server = await startTestServer();
  workflow = (await server.api("POST", "/workflows", { name: "Studio flow", ...agentWorkflow() })).body;
  const call = hostClient(server, await hostKey(server, "builder"));
  const place = { workflow: workflow.id, agent: "agent", name: "Copy" };
  const { username, api_key } = (await call("create_agent_user", place)).body;
  key = api_key;
  const { code } = (await server.api("POST", `/agent-users/${username}/code`)).body;
  session = (await server.send("POST", "/api/v1/auth/session", { api_key, code })).body.token;
});
afterAll(() => server.stop());

describe("D2: an agent of another builder whose workflow and node have the ids of one of the studio", () => {
  it("does not see the studio's workflow", async () => {
    const as = server.as(session);
    expect((await as("GET", "/workflows")).body).toEqual({ workflows: [] });
    expect((await as("GET", `/workflows/${workflow.slug}`)).body.code).toBe("WORKFLOW_NOT_FOUND");
  });

  it("is offered no tool of the studio's canvas, and can call none", async () => {
    const { names } = await connectMcp(server, { key });
    expect(await names()).not.toContain("get_totp_code");
    const called = await server.as(key)("POST", `/workflows/${workflow.slug}/nodes/code/call`, {});
    expect(called.body.code).toBe("WORKFLOW_NOT_FOUND");
  });
});
