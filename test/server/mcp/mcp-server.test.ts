import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveEveryTool } from "../../support/agent-rights.ts";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { everyRow } from "../../support/every-row.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const login = { name: "github", type: "LOGIN", data: { username: "me", password: "pw-1", secret: seed } };
const canvas = ["create_agent_user", "get_totp_code", "verify_totp_code", "whoami"];
const clock = fixedClock();
const codeNow = () => independentCode(seed, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now());
let server: TestServer;
let slug = "";
const keys = { agent: "", other: "", bare: "" };

/** Three agents: two that share their tools, and one with nothing but its model. */
function workflow() {
  const graph = agentWorkflow();
  graph.nodes.push(
    node("other", "agent"),
    node("bare", "agent"),
    node("bare-create", "create_agent_user", { reveal: "value" }),
  );
  graph.edges.push(
    ...["create", "code", "verify", "whoami"].map((tool) => toolEdge(tool, "other")),
    toolEdge("bare-create", "bare"),
  );
  return graph;
}

/** The queue keeps its own house at its own times. */
const ourRows = async () =>
  [...(await everyRow(server.database.kysely))].filter(([table]) => table.startsWith("public."));

beforeAll(async () => {
  server = await startTestServer({ clock });
  slug = await server.addWorkflow(workflow(), "Tools");
  keys.agent = (await server.call(slug, "create", {}, "agent")).body.api_key;
  keys.other = (await server.call(slug, "create", {}, "other")).body.api_key;
  keys.bare = (await server.call(slug, "bare-create", {}, "bare")).body.api_key;
  for (const agent of ["agent", "other"]) await giveEveryTool(server, `agent_tools_${agent}`);
});
afterAll(() => server.stop());

describe.each([
  { revision: "2026-07-28", modern: true },
  { revision: "2025-11-25", modern: false },
])("the official client, speaking the revision $revision", ({ revision, modern }) => {
  it("acts as the agent user of its key", async () => {
    const { client, call } = await connectMcp(server, { key: keys.agent, modern });
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect((await call("create_agent_user")).body).toMatchObject({
      success: true,
      username: "agent_tools_agent",
      already_existed: true,
      api_key: keys.agent,
    });
    clock.advance(60);
    const code = await call("get_totp_code");
    expect(code.body).toMatchObject({ success: true, username: "agent_tools_agent", period: 30 });
    const { totp_code } = code.body;
    expect((await call("verify_totp_code", { code: totp_code })).body).toMatchObject({ valid: true });
    expect(await call("verify_totp_code", { code: totp_code })).toMatchObject({
      ok: false,
      body: { success: false, code: "CODE_REJECTED", retryable: true },
    });
    expect((await call("whoami")).body).toMatchObject({ agent_node_id: "agent", workflow: { slug } });
  });

  it("stores, opens, uses and deletes a credential", async () => {
    const { call } = await connectMcp(server, { key: keys.agent, modern });
    const backupCodes = ["one-1", "two-2"];
    const stored = await call("vault_store", { ...login, data: { ...login.data, backupCodes } });
    expect(stored.body).toMatchObject({ name: "github", hasTotp: true, backupCodesRemaining: 2 });
    expect((await call("vault_list")).body).toMatchObject({ count: 1, credentials: [{ name: "github" }] });
    expect((await call("vault_get", { name: "github" })).body.data).toMatchObject({
      username: "me",
      password: "pw-1",
      hasTotp: true,
    });
    const { code, remaining } = (await call("vault_totp", { name: "github" })).body;
    expect(code).toBe(codeNow());
    expect(remaining).toBe(30);
    expect((await call("vault_totp_use_backup", { name: "github" })).body).toEqual({
      code: "one-1",
      remaining: 1,
    });
    expect((await call("vault_delete", { name: "github" })).body).toEqual({ deleted: true });
    expect((await call("vault_list")).body).toEqual({ credentials: [], count: 0 });
  });
});

describe("the tools of MCP", () => {
  it("answer what /v0 answers, to the letter", async () => {
    const { call } = await connectMcp(server, { key: keys.agent });
    const v0 = async (method: string, path: string, body?: unknown) =>
      (await server.send(method, `/v0${path}`, body, { authorization: `Bearer ${keys.agent}` })).body;
    const { name, ...put } = login;
    const stored = await v0("PUT", `/vault/${name}`, put);
    expect((await call("vault_store", login)).body).toEqual({
      ...stored,
      lastRotatedAt: clock.now().toISOString(),
    });
    expect((await call("vault_list")).body).toEqual(await v0("GET", "/vault"));
    expect((await call("vault_get", { name })).body).toEqual(await v0("GET", `/vault/${name}`));
    // Against the database's clock, which goes on between the two.
    const code = { ...(await v0("GET", `/vault/${name}/totp`)), clockSkewSeconds: expect.any(Number) };
    expect((await call("vault_totp", { name })).body).toEqual(code);
    expect((await call("identity_whoami")).body).toEqual(await v0("GET", "/whoami"));
    await call("vault_delete", { name });
  });

  it("give a code that still lasts as long as was asked for", async () => {
    const { call } = await connectMcp(server, { key: keys.agent });
    await call("vault_store", login);
    clock.set(new Date("2026-02-01T00:00:25Z"));
    const fresh = await call("vault_totp", { name: "github", min_remaining: 10 });
    expect(fresh.body).toMatchObject({ remaining: 30, code: codeNow() });
    expect(clock.now()).toEqual(new Date("2026-02-01T00:00:30Z"));
    await call("vault_delete", { name: "github" });
  });

  it("give a model's code a moment on the wire, as a run does", async () => {
    const { call } = await connectMcp(server, { key: keys.agent });
    clock.set(new Date("2026-02-02T00:00:28Z"));
    expect((await call("get_totp_code")).body.expires_in).toBe(30);
  });

  it("G5: create nothing by being listed", async () => {
    const before = await ourRows();
    for (const key of [keys.agent, keys.bare, server.adminKey])
      for (const modern of [true, false]) {
        const { names } = await connectMcp(server, { key, modern });
        expect((await names()).length).toBeGreaterThan(key === keys.bare ? 0 : 6);
      }
    expect(await ourRows()).toEqual(before);
  });

  it("D1: two agents on the same tools are two, whatever a model sends", async () => {
    const [one, two] = [
      await connectMcp(server, { key: keys.agent }),
      await connectMcp(server, { key: keys.other }),
    ];
    clock.advance(60);
    const place = { workflow: slug, agent_node_id: "agent" };
    expect((await two.call("whoami", place)).body.username).toBe("agent_tools_other");
    expect((await two.call("get_totp_code", place)).body.username).toBe("agent_tools_other");
    expect(await two.call("get_totp_code", { username: "agent_tools_agent" })).toMatchObject({
      ok: false,
      body: { code: "FORBIDDEN" },
    });
    const { totp_code } = (await one.call("get_totp_code")).body;
    expect((await two.call("verify_totp_code", { code: totp_code })).body.code).toBe("CODE_REJECTED");

    await one.call("vault_store", login);
    expect((await two.call("vault_list")).body.count).toBe(0);
    for (const tool of ["vault_get", "vault_totp", "vault_totp_use_backup", "vault_delete"])
      expect(await two.call(tool, { name: "github" })).toMatchObject({
        ok: false,
        body: { code: "VAULT_ENTRY_NOT_FOUND" },
      });
    await two.call("vault_store", { ...login, data: { username: "somebody else" } });
    expect((await one.call("vault_get", { name: "github" })).body.data.username).toBe("me");
    await one.call("vault_delete", { name: "github" });
    await two.call("vault_delete", { name: "github" });
  });

  it("D3: a tool that is not wired to the agent says so and does nothing", async () => {
    const { call, names } = await connectMcp(server, { key: keys.bare });
    const before = await ourRows();
    expect((await names()).filter((name) => canvas.includes(name))).toEqual(["create_agent_user"]);
    for (const [tool, args] of [
      ["get_totp_code", {}],
      ["verify_totp_code", { code: "123456" }],
      ["whoami", {}],
    ] as const)
      expect(await call(tool, args)).toMatchObject({
        ok: false,
        body: { success: false, code: "TOOL_NOT_WIRED", retryable: false },
      });
    expect(await ourRows()).toEqual(before);
    expect((await call("create_agent_user")).body.username).toBe("agent_tools_bare");
  });

  it("follow the graph as it is now", async () => {
    const { body } = await server.api("POST", "/workflows", { name: "Rewired", ...agentWorkflow() });
    const { api_key } = (await server.call(body.slug, "create")).body;
    const { call, names } = await connectMcp(server, { key: api_key });
    expect((await call("get_totp_code")).ok).toBe(true);
    expect(await names()).toEqual(expect.arrayContaining(canvas));
    const edges = body.edges.filter(({ source }: { source: string }) => source !== "code");
    await server.api("PUT", `/workflows/${body.slug}`, { version: 1, nodes: body.nodes, edges });
    expect((await call("get_totp_code")).body.code).toBe("TOOL_NOT_WIRED");
    expect((await names()).filter((name) => canvas.includes(name))).not.toContain("get_totp_code");
    await server.api("DELETE", `/workflows/${body.slug}`);
    await expect(call("get_totp_code")).rejects.toThrow();
  });

  it("let a program name the workflow and the agent, and nothing that is elsewhere", async () => {
    const scopes = ["runs:write", "codes:read"];
    const { key } = (await server.api("POST", "/keys", { name: "caller", scopes })).body;
    const { call } = await connectMcp(server, { key });
    clock.advance(60);
    const ask = async (args: object) => (await call("get_totp_code", args)).body;
    expect(await ask({ workflow: slug, agent_node_id: "other" })).toMatchObject({
      username: "agent_tools_other",
    });
    expect(await ask({ workflow: slug })).toMatchObject({ code: "AGENT_AMBIGUOUS" });
    expect(await ask({ workflow: slug, agent_node_id: "bare" })).toMatchObject({ code: "TOOL_NOT_WIRED" });
    expect(await ask({ workflow: slug, agent_node_id: "nobody" })).toMatchObject({ code: "NODE_NOT_FOUND" });
    expect(await ask({ workflow: "nowhere" })).toMatchObject({ code: "WORKFLOW_NOT_FOUND" });
    expect(await ask({})).toMatchObject({ code: "INPUT_INVALID" });
    const b = (await server.api("POST", "/workspaces", { name: "b" })).body.key;
    const elsewhere = await connectMcp(server, { key: b });
    expect((await elsewhere.call("get_totp_code", { workflow: slug })).body.code).toBe("WORKFLOW_NOT_FOUND");
    const { audit_events } = (await server.api("GET", "/audit-events?limit=500")).body;
    expect(audit_events).toContainEqual(
      expect.objectContaining({ action: "code.read", actor: "caller", actor_kind: "service_key" }),
    );
  });
});

describe("what goes wrong over MCP", () => {
  const canary = "canary-4c1f-9d";

  it("is a result with a code, and repeats nothing that was sent", async () => {
    const received: string[] = [];
    const { call, client } = await connectMcp(server, {
      key: keys.agent,
      onText: (text) => received.push(text),
    });
    expect(await call("vault_get", { name: canary })).toEqual({
      ok: false,
      body: {
        success: false,
        error: "There is no such vault entry that this caller may use.",
        code: "VAULT_ENTRY_NOT_FOUND",
        retryable: false,
      },
    });
    const refused: [string, object][] = [
      ["vault_get", { name: [canary] }],
      ["vault_get", { name: `${canary}\u0000` }],
      ["vault_store", { ...login, type: canary }],
      ["vault_store", { ...login, name: `${canary}\nx` }],
      ["vault_store", { ...login, data: { secret: `${canary}!` } }],
      ["vault_store", { ...login, data: { otpauth: `otpauth://${canary}` } }],
      ["vault_totp", { name: "x", min_remaining: canary }],
      ["verify_totp_code", { code: { [canary]: canary } }],
    ];
    for (const [tool, args] of refused) {
      const { ok, body } = await call(tool, args);
      expect([ok, body.code], tool).toEqual([
        false,
        expect.stringMatching(/^(INPUT_INVALID|ENROLMENT_REFUSED|VAULT_ENTRY_NOT_FOUND)$/),
      ]);
    }
    await expect(client.callTool({ name: canary, arguments: {} })).rejects.toThrow("There is no such tool.");
    expect(received.join("")).not.toContain(canary);
    expect(server.log.join("")).not.toContain(canary);
  });

  it("keeps what really happened for the log: no stack and no SQL in the answer", async () => {
    const own = await startTestServer();
    const { api_key: key, username } = (await own.call(await own.addWorkflow(agentWorkflow()), "create"))
      .body;
    await giveEveryTool(own, username);
    const { call } = await connectMcp(own, { key });
    const { name, ...put } = login;
    await own.send("PUT", `/v0/vault/${name}`, put, { authorization: `Bearer ${key}` });
    await own.database.kysely.schema.alterTable("vault_entry").renameColumn("metadata", "gone").execute();
    const { ok, body } = await call("vault_list");
    expect(ok).toBe(false);
    expect(body).toEqual({
      success: false,
      error: "Something went wrong on our side. The log has the details.",
      code: "INTERNAL",
      retryable: true,
    });
    expect(own.log.join("")).toContain("a tool failed");
    await own.stop();
  });

  it("is refused before a tool is reached where the protocol is not kept", async () => {
    const send = (method: string, body?: unknown, more: Record<string, string> = {}) =>
      server.send(method, "/mcp", body, {
        authorization: `Bearer ${keys.agent}`,
        accept: "application/json, text/event-stream",
        ...more,
      });
    for (const method of ["GET", "DELETE"]) {
      const { status, headers } = await send(method);
      expect([status, headers.get("allow")]).toEqual([405, "POST"]);
    }
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    expect((await send("POST", [list, list])).body).toMatchObject({ status: 400, code: "INPUT_INVALID" });
    expect((await send("POST", {})).body).toMatchObject({ error: { code: -32600 } });
    expect((await send("POST")).status).toBe(415);
    expect((await send("POST", "{")).status).toBe(400);
    expect((await send("POST", list, { "mcp-protocol-version": "1999-01-01" })).status).toBe(400);
    const answered = await send("POST", list);
    expect([answered.status, answered.headers.get("cache-control")]).toEqual([200, "no-store"]);
  });

  it("has no address where it is switched off", async () => {
    const off = await startTestServer({ settings: { TOTEM_MCP: "off" } });
    const authorization = `Bearer ${off.adminKey}`;
    expect((await off.send("POST", "/mcp", {}, { authorization })).status).toBe(404);
    expect((await off.send("GET", "/openapi.json")).text).not.toContain('"/mcp"');
    await off.stop();
  });
});
