import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe("an agent over HTTP", () => {
  it("gets an account, reads its code, logs in with both and says who it is", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Log in");
    const created = await server.call(slug, "create", { purpose: "log in" });
    expect(created.body).toEqual({
      success: true,
      username: "agent_log-in_agent",
      api_key: expect.stringMatching(/^totem_agent_/),
      api_base_url: server.url,
      purpose: "log in",
      already_existed: false,
    });
    const again = await server.call(slug, "create", { purpose: "something else" });
    expect(again.body).toEqual({ ...created.body, already_existed: true });

    const code = await server.call(slug, "code");
    expect(code.body).toMatchObject({
      success: true,
      username: "agent_log-in_agent",
      totp_code: expect.stringMatching(/^\d{6}$/),
      period: 30,
    });
    expect(code.headers.get("cache-control")).toBe("no-store");

    const login = { api_key: created.body.api_key, code: code.body.totp_code };
    const session = await server.send("POST", "/api/v1/auth/session", login);
    expect(session.status).toBe(200);
    const me = await server.as(session.body.token)("GET", "/whoami");
    expect(me.body).toMatchObject({
      kind: "agent_user",
      name: "agent_log-in_agent",
      agent_user: { session: true },
    });
    expect((await server.send("POST", "/api/v1/auth/session", login)).status).toBe(401);
  });

  it("G3: the two canvas tools answer with the documented fields, and say success false with an error", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Golden");
    const early = await server.call(slug, "code");
    expect(early.body).toMatchObject({ success: false, error: expect.stringContaining("create_agent_user") });
    const created = await server.call(slug, "create", { purpose: "External auth" });
    expect(Object.keys(created.body)).toEqual([
      "success",
      "username",
      "api_key",
      "api_base_url",
      "purpose",
      "already_existed",
    ]);
    const code = await server.call(slug, "code", { username: "agent_golden_agent" });
    expect(Object.keys(code.body).slice(0, 3)).toEqual(["success", "username", "totp_code"]);
    expect(code.body.username).toBe(created.body.username);
  });

  it("verifies a code once over HTTP", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Verify me");
    await server.call(slug, "create");
    const { totp_code } = (await server.call(slug, "code")).body;
    const verify = () => server.api("POST", "/agent-users/agent_verify-me_agent/verify", { code: totp_code });
    expect(await verify()).toMatchObject({ status: 200, body: { valid: true } });
    expect(await verify()).toMatchObject({ status: 401, body: { code: "CODE_REJECTED" } });
  });

  it("gives a new workflow of the same name a new identity, and the old key and code are dead at once", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Same name");
    const old = (await server.call(slug, "create")).body;
    const { totp_code } = (await server.call(slug, "code")).body;
    expect((await server.as(old.api_key)("GET", "/whoami")).status).toBe(200);
    expect((await server.api("DELETE", `/workflows/${slug}`)).status).toBe(204);

    expect((await server.as(old.api_key)("GET", "/whoami")).status).toBe(401);
    expect(
      (await server.send("POST", "/api/v1/auth/session", { api_key: old.api_key, code: totp_code })).status,
    ).toBe(401);
    expect(
      (await server.api("POST", `/agent-users/${old.username}/verify`, { code: totp_code })).status,
    ).toBe(401);

    const newSlug = await server.addWorkflow(agentWorkflow(), "Same name");
    const fresh = (await server.call(newSlug, "create")).body;
    expect(fresh.already_existed).toBe(false);
    expect(fresh.username).not.toBe(old.username);
    expect(fresh.api_key).not.toBe(old.api_key);
  });

  it("D7: disables the identity of a deleted agent node, and undo gives it back", async () => {
    const graph = agentWorkflow();
    const slug = await server.addWorkflow(graph, "Undo me");
    const { api_key, username } = (await server.call(slug, "create")).body;
    const without = { version: 1, nodes: graph.nodes.filter((one) => one.id !== "agent"), edges: [] };
    expect((await server.api("PUT", `/workflows/${slug}`, without)).body.version).toBe(2);
    expect((await server.as(api_key)("GET", "/whoami")).status).toBe(401);
    expect((await server.api("GET", `/agent-users/${username}`)).body).toMatchObject({
      disabled: true,
      disabled_because: "node_deleted",
    });
    await server.api("PUT", `/workflows/${slug}`, { version: 2, ...graph });
    expect((await server.as(api_key)("GET", "/whoami")).status).toBe(200);

    await server.api("DELETE", `/workflows/${slug}`);
    expect((await server.as(api_key)("GET", "/whoami")).status).toBe(401);
    expect((await server.api("POST", `/workflows/${slug}/restore`)).status).toBe(200);
    expect((await server.as(api_key)("GET", "/whoami")).status).toBe(200);
  });

  it("D6: keeps identity and username when the workflow is renamed", async () => {
    const graph = agentWorkflow();
    const slug = await server.addWorkflow(graph, "Old name");
    const { username, api_key } = (await server.call(slug, "create")).body;
    const renamed = await server.api("PUT", `/workflows/${slug}`, { version: 1, name: "New name", ...graph });
    expect(renamed.body).toMatchObject({ slug: "old-name", name: "New name" });
    expect((await server.call(slug, "create")).body).toMatchObject({
      username,
      api_key,
      already_existed: true,
    });
  });

  it("D3: refuses a tool that is wired to no agent, and creates nothing", async () => {
    const graph = agentWorkflow();
    const slug = await server.addWorkflow({ nodes: graph.nodes, edges: [] }, "Unwired");
    const refused = await server.call(slug, "create");
    expect(refused).toMatchObject({
      status: 409,
      body: { success: false, code: "AGENT_NOT_CONNECTED", retryable: false },
    });
    const { agent_users } = (await server.api("GET", "/agent-users")).body;
    expect(agent_users.map((user: { username: string }) => user.username)).not.toContain(
      "agent_unwired_agent",
    );
  });

  it("D4: a tool wired to two agents serves the calling one, and names both when the call names none", async () => {
    const graph = agentWorkflow();
    graph.nodes.push(node("other", "agent"));
    graph.edges.push(toolEdge("create", "other"), toolEdge("code", "other"));
    const slug = await server.addWorkflow(graph, "Shared tool");
    expect((await server.call(slug, "create", {}, "agent")).body.username).toBe("agent_shared-tool_agent");
    expect((await server.call(slug, "create", {}, "other")).body.username).toBe("agent_shared-tool_other");
    expect((await server.call(slug, "code", {}, "other")).body.username).toBe("agent_shared-tool_other");
    const ambiguous = await server.call(slug, "create");
    expect(ambiguous).toMatchObject({
      status: 409,
      body: { code: "AGENT_AMBIGUOUS", details: { agents: ["agent", "other"] } },
    });
    expect((await server.call(slug, "create", {}, "chat")).body.code).toBe("AGENT_NOT_CONNECTED");
  });

  it("tells an agent who it is, where it sits and what it may do", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Who");
    await server.call(slug, "create", { purpose: "introduce itself" });
    expect((await server.call(slug, "whoami")).body).toMatchObject({
      success: true,
      username: "agent_who_agent",
      purpose: "introduce itself",
      workflow: { slug, name: "Who" },
      agent_node_id: "agent",
      tools: ["create_agent_user", "get_totp_code", "verify_totp_code", "whoami", "platform_api"],
      scopes: ["codes:read", "workflows:read", "vault:read", "vault:write"],
      may_read_codes_of: [],
    });
  });

  it("calls this server's API as itself, without carrying a key", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Platform");
    await server.call(slug, "create");
    const who = await server.call(slug, "platform", { method: "GET", path: "/api/v1/whoami" });
    expect(who.body).toMatchObject({
      success: true,
      status: 200,
      body: { name: "agent_platform_agent", agent_user: { session: true } },
    });
    const own = await server.call(slug, "platform", { path: "/api/v1/workflows" });
    expect(own.body.body.workflows.map((workflow: { slug: string }) => workflow.slug)).toEqual([slug]);
    const forbidden = await server.call(slug, "platform", {
      method: "POST",
      path: "/api/v1/keys",
      body: { name: "x", scopes: ["admin"] },
    });
    expect(forbidden.body).toMatchObject({ success: true, status: 403, body: { code: "FORBIDDEN" } });
    for (const path of [
      "https://example.com/",
      "//example.com/api/v1/whoami",
      "/api/v1/../../livez",
      "livez",
    ]) {
      expect((await server.call(slug, "platform", { path })).body).toMatchObject({
        success: false,
        code: "INPUT_INVALID",
      });
    }
  });
});
