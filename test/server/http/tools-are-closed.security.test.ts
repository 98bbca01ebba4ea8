import { createServer, request as open } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { codeIn } from "../../support/dialect-problem.ts";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import { routeTable } from "../../support/route-table.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let routes: ApiRoute[];
let agent: { key: string; username: string };
let address: string;
const heard: (string | undefined)[] = [];

/** Another name of this server, as an operator may have one, on the list of addresses that tools may call. */
const front = createServer(async (request, response) => {
  heard.push(request.url);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { authorization, "content-type": type, "x-totem-tool": tool } = request.headers;
  const headers = { authorization, "content-type": type, "x-totem-tool": tool as string | undefined };
  const answer = await fetch(`${server.url}${request.url}`, {
    method: request.method ?? "GET",
    headers: Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])) as [
      string,
      string,
    ][],
    ...(chunks.length > 0 ? { body: Buffer.concat(chunks).toString() } : {}),
  });
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(await answer.text());
});

beforeAll(async () => {
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  server = await startTestServer({
    settings: { TOTEM_ALLOWED_URLS: address, TOTEM_PUBLIC_URL: address, TOTEM_PROXY_PORT: "0" },
  });
  routes = await openApiRoutes(server);
  const graph = agentWorkflow();
  graph.nodes.push(
    node("request", "http_request", { base_url: address }),
    node("handle", "create_agent_user", { reveal: "handle" }),
    // This server too, by an address that says so less plainly.
    node("named", "platform_api", { base_url: address.toUpperCase() }),
  );
  for (const { id, data } of graph.nodes) if (id === "code") data.config = { reveal: "handle" };
  graph.edges.push(toolEdge("request"), toolEdge("handle"), toolEdge("named"));
  await server.addWorkflow(graph, "Doors");
  const { api_key, username } = (await server.call("doors", "create")).body;
  agent = { key: api_key, username };
  const made = await server.api("POST", "/proxy-credentials", { agent_user: username });
  proxyLogin = Buffer.from(`${username}:${made.body.credential}`).toString("base64");
});
afterAll(async () => {
  await server.stop();
  front.closeAllConnections();
  front.close();
});

const platform = async (method: string, path: string, body?: unknown) =>
  (await server.call("doors", "platform", { method, path, body })).body;
let proxyLogin: string;
/** A request of a program through the proxy to this server, as programs send one without TLS. */
function byProxy(path: string, headers: object, body: object) {
  const { hostname, port } = new URL(server.proxy?.url ?? "");
  const all = {
    host: new URL(address).host,
    "proxy-authorization": `Basic ${proxyLogin}`,
    "content-type": "application/json",
    ...headers,
  };
  return new Promise<[number | undefined, object]>((resolve, reject) => {
    open({ hostname, port, method: "POST", path: `${address}${path}`, headers: all }, async (answer) => {
      const parts = await answer.toArray();
      resolve([answer.statusCode, JSON.parse(Buffer.concat(parts).toString())]);
    })
      .on("error", reject)
      .end(JSON.stringify(body));
  });
}
const ownTokens = async () => (await server.as(agent.key)("GET", "/mcp-tokens")).body;

/** Whether the agent of this test gets in, were it not for the tool. */
const agentScopes = new Set<string>(["codes:read", "workflows:read", "vault:read", "vault:write"]);
const mayAgent = (name: string): boolean => {
  const rule = routeTable[name];
  if (!rule?.agent) return false;
  return typeof rule.may === "string" || rule.may.some((scope) => agentScopes.has(scope));
};

describe("H11: no tool makes or shows what lasts", () => {
  it("H11: platform_api makes no MCP token and lists none", async () => {
    const before = await ownTokens();
    for (const body of [{}, { agent_user: agent.username }]) {
      const answer = await platform("POST", "/api/v1/mcp-tokens", body);
      expect(answer).toMatchObject({ success: true, status: 403, body: { code: "FORBIDDEN" } });
      expect(JSON.stringify(answer)).not.toMatch(/totem_|\/mcp\//);
    }
    expect(await platform("GET", "/api/v1/mcp-tokens")).toMatchObject({ status: 403 });
    expect(await ownTokens()).toEqual(before);
  });

  it("H11: platform_api reaches exactly the routes that are open to tools", async () => {
    const reached: string[] = [];
    for (const route of routes) {
      const path = addressOf(route.path, { id: random.uuid(), username: agent.username });
      const answer = await platform(route.method, path, route.body ? {} : undefined);
      if (answer.success && answer.status !== 403) reached.push(route.name);
    }
    const open = Object.entries(routeTable).flatMap(([name, { tools }]) =>
      tools && mayAgent(name) ? [name] : [],
    );
    expect(reached.sort()).toEqual(open.sort());
  });

  it("H11: over the network the key of an agent opens no more to a tool, the public APIs and MCP included", async () => {
    const headers = { authorization: `Bearer ${agent.key}`, "x-totem-tool": "http_request" };
    for (const route of routes) {
      const path = addressOf(route.path, { id: random.uuid(), username: agent.username });
      if (routeTable[route.name]?.tools) continue;
      const { status, body } = await server.send(route.method, path, route.body ? {} : undefined, headers);
      expect([status, codeIn(body)], route.name).toEqual([403, "FORBIDDEN"]);
    }
  });

  it("H11: http_request puts the agent's own key and code into no request, this server's own address included", async () => {
    const { totp_code: code } = (await server.call("doors", "code")).body;
    const api_key = (await server.call("doors", "handle")).body.api_key;
    const authorization = `Bearer ${api_key}`;
    const label = (await server.call("doors", "handle")).body.api_key;
    const message = `/api/v1/inbox/messages/${random.uuid()}`;
    const before = await ownTokens();
    heard.length = 0;
    for (const request of [
      { method: "POST", url: "/api/v1/mcp-tokens", headers: { authorization }, body: {} },
      { method: "POST", url: "/api/v1/auth/session", body: { api_key, code } },
      { method: "PATCH", url: message, headers: { authorization }, body: { add_labels: [label] } },
      { method: "GET", url: `/api/v1/inbox/messages?q=${code}` },
    ]) {
      const refused = (await server.call("doors", "request", request)).body;
      expect(refused).toMatchObject({ success: false, code: "SECRET_NOT_FOR_ORIGIN" });
      expect(refused.error).toMatch(/use Verify TOTP Code or Platform API, or redeem it .*\.$/);
    }
    const outside = { method: "POST", path: "/api/v1/mcp-tokens", body: { api_key } };
    expect((await server.call("doors", "named", outside)).body.code).toBe("SECRET_NOT_FOR_ORIGIN");
    expect(heard).toEqual([]);
    expect(await ownTokens()).toEqual(before);
    // Where they belong they go on working: they were not used up.
    const path = `/api/v1/agent-users/${agent.username}/verify`;
    expect(await platform("POST", path, { code })).toMatchObject({ success: true, status: 200 });
    const redeemed = await server.as(agent.key)("POST", "/handles/redeem", { handle: api_key });
    expect(redeemed.body).toEqual({ kind: "key", value: agent.key });
  });

  it("H11: a program behind the proxy gets neither, and is a tool to this server whatever key it holds", async () => {
    const handle = (await server.call("doors", "handle")).body.api_key;
    const { totp_code: code } = (await server.call("doors", "code")).body;
    const before = await ownTokens();
    heard.length = 0;
    for (const [path, headers, body] of [
      ["/api/v1/mcp-tokens", { authorization: `Bearer ${handle}` }, {}],
      ["/api/v1/auth/session", {}, { api_key: handle, code }],
      ["/api/v1/handles/redeem", { authorization: `Bearer ${handle}` }, { handle: code }],
    ] as const)
      expect(await byProxy(path, headers, body)).toMatchObject([403, { code: "SECRET_NOT_FOR_ORIGIN" }]);
    expect(heard).toEqual([]);
    for (const sent of [{}, { "x-totem-tool": "" }, { connection: "close, x-totem-tool" }]) {
      const headers = { authorization: `Bearer ${agent.key}`, ...sent };
      const [status, refused] = await byProxy("/api/v1/mcp-tokens", headers, {});
      expect([status, refused]).toMatchObject([403, { code: "FORBIDDEN" }]);
      expect(JSON.stringify(refused)).toContain("NO_PROXY");
    }
    expect(heard).toHaveLength(3);
    expect(await ownTokens()).toEqual(before);
    const redeemed = await server.as(agent.key)("POST", "/handles/redeem", { handle: code });
    expect(redeemed.body).toEqual({ kind: "code", value: expect.stringMatching(/^\d{6}$/) });
  });

  it("H11: a tool of an agent leaves no session behind, and no token that could be used from elsewhere", async () => {
    expect(await platform("GET", "/api/v1/whoami")).toMatchObject({ status: 200 });
    const rows = await server.database.kysely.selectFrom("agent_session").select("id").execute();
    expect(rows).toEqual([]);
  });

  it("H11: a handle is put in only where a route takes one, and stays unused elsewhere", async () => {
    const handle = (await server.call("doors", "handle")).body.api_key;
    const labels = await platform("PATCH", `/api/v1/inbox/messages/${random.uuid()}`, {
      add_labels: [handle],
    });
    expect(labels.success).toBe(true);
    const redeemed = await server.as(agent.key)("POST", "/handles/redeem", { handle });
    expect(redeemed.body).toEqual({ kind: "key", value: agent.key });
  });
});
