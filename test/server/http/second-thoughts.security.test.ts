import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** An agent with its account, its key and a session. */
async function enroll(name: string) {
  const slug = await server.addWorkflow(agentWorkflow(), name);
  const { api_key, username } = (await server.call(slug, "create")).body;
  const { totp_code: code } = (await server.call(slug, "code")).body;
  const session = (await server.send("POST", "/api/v1/auth/session", { api_key, code })).body.token as string;
  const isAlive = async (token: string) => (await server.as(token)("GET", "/whoami")).status === 200;
  return { slug, api_key, username, session, isAlive };
}

describe("an account that was disabled", () => {
  it("has no session left when it is enabled again", async () => {
    const { api_key, username, session, isAlive } = await enroll("Twice");
    expect([await isAlive(api_key), await isAlive(session)]).toEqual([true, true]);
    await server.api("POST", `/agent-users/${username}/disable`);
    expect([await isAlive(api_key), await isAlive(session)]).toEqual([false, false]);
    expect((await server.api("POST", `/agent-users/${username}/enable`)).status).toBe(200);
    expect([await isAlive(api_key), await isAlive(session)]).toEqual([true, false]);
  });

  it("stays dead while its workflow or its node is gone", async () => {
    const { slug, api_key, username, isAlive } = await enroll("Gone");
    await server.api("DELETE", `/workflows/${slug}`);
    expect(await server.api("POST", `/agent-users/${username}/enable`)).toMatchObject({
      status: 404,
      body: { code: "NODE_NOT_FOUND" },
    });
    expect(await isAlive(api_key)).toBe(false);
    await server.api("POST", `/workflows/${slug}/restore`);
    expect(await isAlive(api_key)).toBe(true);
  });
});

describe("an agent", () => {
  it("cannot use up the tries of people who sign in", async () => {
    const { slug } = await enroll("Loud");
    for (const path of ["/api/v1/auth/sign-in", "/api/v1/%61uth/sign-in", "/api/v1/AUTH/session"]) {
      expect((await server.call(slug, "platform", { method: "POST", path, body: {} })).body).toMatchObject({
        success: false,
        code: "INPUT_INVALID",
      });
    }
  });

  it("cannot have its key kept readable by naming it a purpose or writing it into a workflow", async () => {
    const { api_key } = await enroll("Writes");
    const slug = await server.addWorkflow(agentWorkflow(), "Purpose");
    expect((await server.call(slug, "create", { purpose: `key MY_${api_key}` })).body.purpose).toBe(
      "key MY_[redacted]",
    );
    const nodes = [node("a", "agent", { system_prompt: `use ${api_key}` })];
    const refused = await server.api("POST", "/workflows", { name: "Prompt", nodes });
    expect(refused).toMatchObject({ status: 400, body: { code: "INPUT_INVALID" } });
    expect(refused.text).not.toContain(api_key);
  });

  it("is not handed an answer too large for a model", async () => {
    const graph = agentWorkflow();
    const notes = Array.from({ length: 7 }, (_, index) =>
      node(`note_${index}`, "agent", { system_prompt: "x".repeat(45_000) }),
    );
    const slug = await server.addWorkflow({ ...graph, nodes: [...graph.nodes, ...notes] }, "Large");
    await server.call(slug, "create");
    const answer = await server.call(slug, "platform", { path: `/api/v1/workflows/${slug}` });
    expect(answer.body).toMatchObject({ code: "UPSTREAM_FAILED" });
  });
});

it("counts requests to addresses that do not exist", async () => {
  const limited = await startTestServer({ settings: { TOTEM_RATE_LIMIT: "5" } });
  const statuses = [];
  for (let time = 0; time < 6; time++) statuses.push((await limited.send("GET", "/api/v1/nothing")).status);
  expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
  await limited.stop();
});
