import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ModelStandIn, startModelStandIn } from "../../hosts/model-stand-in.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

const seed = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
/** A code is handed out once: the run gets one, and the call over MCP the other. */
const [delivered, deliveredLater] = ["804173", "391846"] as const;
let model: ModelStandIn;
let server: TestServer;
let outsideUrl = "";
const received: string[] = [];
/** A service that repeats everything it was sent, as careless ones do. */
const outside = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  received.push(body);
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ you_sent: body, headers: request.headers }));
});

const tools = [
  "create_agent_user",
  "get_totp_code",
  "verify_totp_code",
  "whoami",
  "vault_totp",
  "vault_store",
  "wait_for_code",
  "http_request",
  "platform_api",
];
const agent = { slug: "", username: "", key: "" };

beforeAll(async () => {
  model = await startModelStandIn();
  outside.listen(0, "127.0.0.1");
  await once(outside, "listening");
  outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  server = await startTestServer({
    // A code that was used makes the next call wait for the next window.
    clock: fixedClock(),
    settings: {
      TOTEM_ALLOWED_URLS: outsideUrl,
      TOTEM_PRIVATE_URLS: `model ${new URL(model.url).origin}, tool ${outsideUrl}`,
    },
  });
  // Every node as it is when it is dropped on the canvas.
  const graph = {
    nodes: [
      node("chat", "trigger_chat"),
      node("agent", "agent"),
      node("model", "ai_model", { provider: "openai-compatible", model: "stand-in", base_url: model.url }),
      ...tools.map((type) => node(type, type, type === "http_request" ? { base_url: outsideUrl } : {})),
    ],
    edges: [flowEdge("chat", "agent"), modelEdge("model"), ...tools.map((type) => toolEdge(type))],
  };
  agent.slug = await server.addWorkflow(graph, "Default");
  agent.username = (await server.call(agent.slug, "create_agent_user")).body.username;
  const entry = {
    name: "service",
    one_time: { secret: seed },
    origins: [outsideUrl],
    data: { password: "pw-canary" },
  };
  const { id } = (await server.api("POST", "/vault/entries", entry)).body;
  await server.api("PUT", `/vault/entries/${id}/grants`, {
    grantee: { kind: "agent_user", name: agent.username },
    rights: ["codes", "backup", "data"],
  });
});
afterAll(async () => {
  await server.stop();
  await model.stop();
  outside.close();
});

const deliver = (code: string) =>
  server.send(
    "POST",
    "/v1/credentials/totp",
    { totp_identifier: agent.username, content: `Your code is ${code}.` },
    { "x-api-key": server.adminKey },
  );
const answersIn = (results: readonly string[]) => results.map((text) => JSON.parse(text));
/** What the last tool that gave one answered: a handle, as it should be. */
const lastOf = (results: readonly string[], field: string): string =>
  String(answersIn(results).findLast((answer) => answer[field] != null)?.[field]);

/** No code, key, token or seed: in any place, whatever it is called. */
function expectNothingOf(text: string, more: readonly string[] = []): void {
  for (const secret of [seed, delivered, "pw-canary", ...more]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/totem_(?!mcp_?servers)[a-z]+_[\w-]{16}/);
  expect(withoutRandom(text)).not.toMatch(/(?<![\w.:-])\d{6}(?![\w.:-])/);
  expect(text).not.toMatch(/\/mcp\/\w{8}/);
}

/** What a tool that asks for a token, a key or a seed could be made to call. */
const attacks = (username: string) => [
  { method: "POST", path: "/api/v1/mcp-tokens", body: { agent_user: username } },
  { method: "POST", path: "/api/v1/vault/entries", body: { name: "made here", one_time: {} } },
  { method: "POST", path: "/api/v1/keys", body: { name: "mine", scopes: ["codes:read"] } },
  { method: "GET", path: "/api/v1/vault/entries" },
];

describe("H11: what a model is sent where nobody has changed a setting", () => {
  it("H11: holds no code, key, seed or token, over a run with every tool", async () => {
    await deliver(delivered);
    model.play([
      { tool: /^create_agent_user$/ },
      { tool: /^get_totp_code$/ },
      { tool: /^verify_totp_code$/, arguments: (results) => ({ code: lastOf(results, "totp_code") }) },
      { tool: /^whoami$/ },
      { tool: /^vault_totp$/, arguments: { name: "service" } },
      {
        tool: /^http_request$/,
        arguments: (results) => ({
          method: "POST",
          url: "/login",
          body: { code: lastOf(results, "totp_code") },
        }),
      },
      { tool: /^vault_store$/, arguments: { name: "own", username: "me", generate_password: true } },
      { tool: /^wait_for_code$/ },
      {
        tool: /^http_request$/,
        arguments: (results) => ({
          method: "POST",
          url: "/confirm",
          body: { code: lastOf(results, "verification_code") },
        }),
      },
      ...attacks(agent.username).map((call) => ({ tool: /^platform_api$/, arguments: call })),
    ]);
    const { id } = (await server.api("POST", `/workflows/${agent.slug}/runs`, { input: "Go." })).body;
    await expect
      .poll(async () => (await server.api("GET", `/runs/${id}`)).body.finished_at, { timeout: 30_000 })
      .not.toBeNull();
    const run = (await server.api("GET", `/runs/${id}`)).body;
    expect(run.status).toBe("succeeded");
    // All of it worked: the service got the codes themselves.
    expect(received).toEqual([expect.stringMatching(/^\{"code":"\d{6}"\}$/), `{"code":"${delivered}"}`]);
    const last = model.requests.at(-1);
    const results = last?.messages
      .filter(({ role }) => role === "tool")
      .map(({ content }) => String(content));
    expect(results?.map((text) => JSON.parse(text).success)).toEqual(Array.from({ length: 13 }, () => true));
    const statuses = results?.slice(-4).map((text) => JSON.parse(text).status);
    expect(statuses).toEqual([403, 403, 403, 200]);
    const codes = received.map((body) => JSON.parse(body).code);
    expectNothingOf(JSON.stringify(model.requests), codes);
  });

  it("H11: holds none over MCP either, with the tools that are wired", async () => {
    await deliver(deliveredLater);
    received.length = 0;
    const { token } = (await server.api("POST", "/mcp-tokens", { agent_user: agent.username })).body;
    const sent: string[] = [];
    const { names, call } = await connectMcp(server, { token, onText: (text) => sent.push(text) });
    expect(await names()).toEqual(tools.filter((name) => name !== "platform_api"));
    const answer = async (name: string, args: object = {}) => {
      const { ok, body } = await call(name, args);
      expect([ok, body.code], name).toEqual([true, undefined]);
      return body;
    };
    expect((await answer("create_agent_user")).api_key).toMatch(/^totem:key:/);
    const { totp_code: own } = await answer("get_totp_code");
    expect(own).toMatch(/^totem:code:/);
    await answer("whoami");
    const { totp_code: code } = await answer("vault_totp", { name: "service" });
    await answer("http_request", { method: "POST", url: "/login", body: { code } });
    const { verification_code } = await answer("wait_for_code");
    await answer("http_request", { method: "POST", url: "/confirm", body: { code: verification_code } });
    for (const name of ["vault_get", "vault_totp_use_backup", "vault_delete", "mail_get_message"])
      expect((await call(name, { name: "service", messageId: "x" })).body.code, name).toBe("FORBIDDEN");
    expect(received).toEqual([expect.stringMatching(/^\{"code":"\d{6}"\}$/), `{"code":"${deliveredLater}"}`]);
    // The address itself is the host's, and no part of what it is answered.
    expectNothingOf(sent.join("\n").replaceAll(/"content-length","\d+"/g, ""), [
      token,
      ...received.map((body) => JSON.parse(body).code),
    ]);
  });
});
