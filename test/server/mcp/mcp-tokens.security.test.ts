import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { everyRow } from "../../support/every-row.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let slug = "";
const agent = { key: "", username: "" };
const other = { key: "", username: "" };

beforeAll(async () => {
  server = await startTestServer({ clock });
  const graph = agentWorkflow();
  graph.nodes.push(node("other", "agent"));
  graph.edges.push(...["create", "code", "whoami"].map((tool) => toolEdge(tool, "other")));
  slug = await server.addWorkflow(graph, "Tokens");
  for (const [id, one] of [
    ["agent", agent],
    ["other", other],
  ] as const) {
    const { api_key, username } = (await server.call(slug, "create", {}, id)).body;
    Object.assign(one, { key: api_key, username });
  }
});
afterAll(() => server.stop());

const make = async (key: string, body?: object) => (await server.as(key)("POST", "/mcp-tokens", body)).body;
const list = async (key: string) => (await server.as(key)("GET", "/mcp-tokens")).body.mcp_tokens;
const initialize = (token: string, headers: Record<string, string> = {}) =>
  server.send(
    "POST",
    `/mcp/${token}`,
    { jsonrpc: "2.0", id: 1, method: "tools/list" },
    { accept: "application/json, text/event-stream", ...headers },
  );

describe("a token in the address", () => {
  it("lets a host that sends no header in, as its owner and nobody else", async () => {
    const { token } = await make(agent.key);
    expect(token).toMatch(/^totem_mcp_[\w-]{43}$/);
    for (const modern of [true, false]) {
      const { names, call } = await connectMcp(server, { token, modern });
      expect(await names()).toEqual(await (await connectMcp(server, { key: agent.key })).names());
      clock.advance(60);
      expect((await call("get_totp_code")).body.username).toBe(agent.username);
      expect((await call("whoami")).body.agent_node_id).toBe("agent");
    }
  });

  it("D11: gives a program's token that program's rights, no more", async () => {
    const scopes = ["vault:read"];
    const made = (await server.api("POST", "/keys", { name: "reader", scopes })).body;
    const { token, owner } = await make(server.adminKey, { service_key: "reader" });
    expect(owner).toEqual({ kind: "service_key", name: "reader" });
    const { names, call } = await connectMcp(server, { token });
    expect(await names()).toEqual(await (await connectMcp(server, { key: made.key })).names());
    expect((await call("vault_store", { name: "x", type: "CUSTOM", data: {} })).body.code).toBe("FORBIDDEN");
    await server.api("DELETE", `/keys/${made.id}`);
    expect((await initialize(token)).status).toBe(401);
    expect(await list(server.adminKey)).not.toContainEqual(expect.objectContaining({ owner }));
  });

  it("opens this one door: it is no key anywhere else, and a key is no token", async () => {
    const { token } = await make(agent.key);
    for (const authorization of [`Bearer ${token}`, `Bearer ${agent.key}`]) {
      const known = authorization.endsWith(agent.key);
      const answers = [
        await server.send("GET", "/api/v1/whoami", undefined, { authorization }),
        await server.send("GET", "/v0/vault", undefined, { authorization }),
      ];
      for (const { status } of answers) expect(status).toBe(known ? 200 : 401);
    }
    for (const wrong of [agent.key, server.adminKey, "nobody", `totem_mcp_${"A".repeat(43)}`, `${token}x`]) {
      // A good key in the header does not help a wrong token.
      const { status, body } = await initialize(wrong, { authorization: `Bearer ${agent.key}` });
      expect([status, body.code], wrong).toEqual([401, "UNAUTHENTICATED"]);
    }
    const asOther = await initialize(token, { authorization: `Bearer ${other.key}` });
    expect(asOther.status).toBe(200);
  });

  it("is made by an agent for itself only, and by an administrator for whom it names", async () => {
    expect(await make(agent.key, { agent_user: other.username })).toMatchObject({ code: "FORBIDDEN" });
    expect(await make(agent.key, { service_key: "reader" })).toMatchObject({ code: "FORBIDDEN" });
    expect(await make(agent.key, { agent_user: agent.username })).toMatchObject({
      owner: { kind: "agent_user", name: agent.username },
    });
    expect(await make(server.adminKey)).toMatchObject({ code: "INPUT_INVALID" });
    expect(await make(server.adminKey, { agent_user: "nobody" })).toMatchObject({
      code: "AGENT_USER_NOT_FOUND",
    });
    expect(await make(server.adminKey, { service_key: "nobody" })).toMatchObject({ code: "KEY_NOT_FOUND" });
    const both = { agent_user: agent.username, service_key: "reader" };
    expect(await make(server.adminKey, both)).toMatchObject({ code: "INPUT_INVALID" });
    const { key } = (await server.api("POST", "/keys", { name: "all but admin", scopes: ["vault:write"] }))
      .body;
    expect(await make(key, { agent_user: agent.username })).toMatchObject({ code: "FORBIDDEN" });
    expect((await server.as(key)("GET", "/mcp-tokens")).status).toBe(403);
    const b = (await server.api("POST", "/workspaces", { name: "b" })).body.key;
    expect(await make(b, { agent_user: agent.username })).toMatchObject({ code: "AGENT_USER_NOT_FOUND" });
    expect(await list(b)).toEqual([]);
  });

  it("is seen and revoked by its owner and by administrators, and is dead at once", async () => {
    const { id, token } = await make(agent.key);
    expect((await list(other.key)).map((one: { id: string }) => one.id)).not.toContain(id);
    const b = (await server.api("POST", "/workspaces", { name: "c" })).body.key;
    for (const key of [other.key, b])
      expect((await server.as(key)("DELETE", `/mcp-tokens/${id}`)).body.code).toBe("KEY_NOT_FOUND");
    expect((await initialize(token)).status).toBe(200);
    expect((await server.as(agent.key)("DELETE", `/mcp-tokens/${id}`)).status).toBe(204);
    expect((await initialize(token)).status).toBe(401);
    expect((await server.api("DELETE", `/mcp-tokens/${id}`)).status).toBe(404);
    expect((await server.api("DELETE", `/mcp-tokens/${random.uuid()}`)).status).toBe(404);
  });

  it("ends with its agent's account, and with the key the agent had", async () => {
    const { token } = await make(other.key);
    await server.api("POST", `/agent-users/${other.username}/disable`);
    expect((await initialize(token)).status).toBe(401);
    await server.api("POST", `/agent-users/${other.username}/enable`);
    expect((await initialize(token)).status).toBe(200);
    await server.api("POST", `/agent-users/${other.username}/rotate-key`, { expires_in: 3_600 });
    expect((await initialize(token)).status).toBe(401);
    const { token: next } = await make(server.adminKey, { agent_user: other.username });
    expect((await initialize(next)).status).toBe(200);
    clock.advance(3_601);
    expect((await initialize(next)).status).toBe(401);
  });

  it("E1: is told once, and is in no list, no row and no line of the log", async () => {
    const { token } = await make(agent.key);
    const { call } = await connectMcp(server, { token });
    await call("vault_get", { name: "nothing" });
    await initialize(`${token}x`);
    await server.send("GET", `/mcp/${token}/more`);
    await server.send("PUT", `/mcp/${token}`, {});
    await server.send("POST", `/mcp/${token}`, "{");
    const rows = [...(await everyRow(server.database.kysely)).values()].flat().join("\n");
    const lists = JSON.stringify([await list(agent.key), await list(server.adminKey)]);
    const events = (await server.api("GET", "/audit-events?limit=500")).text;
    for (const text of [rows, lists, events, server.log.join("")]) expect(text).not.toContain(token);
    expect(events).toContain("mcp_token.created");
    expect(events).toContain("mcp_token.revoked");
  });
});
