import { createServer } from "node:http";
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

/** Another name of this server, as an operator may have one, on the list of addresses that tools may call. */
const front = createServer(async (request, response) => {
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
  const address = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  server = await startTestServer({ settings: { TOTEM_ALLOWED_URLS: address, TOTEM_PUBLIC_URL: address } });
  routes = await openApiRoutes(server);
  const graph = agentWorkflow();
  graph.nodes.push(
    node("request", "http_request", { base_url: address }),
    node("handle", "create_agent_user", { reveal: "handle" }),
  );
  graph.edges.push(toolEdge("request"), toolEdge("handle"));
  await server.addWorkflow(graph, "Doors");
  const { api_key, username } = (await server.call("doors", "create")).body;
  agent = { key: api_key, username };
});
afterAll(async () => {
  await server.stop();
  front.closeAllConnections();
  front.close();
});

const platform = async (method: string, path: string, body?: unknown) =>
  (await server.call("doors", "platform", { method, path, body })).body;
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

  it("H11: http_request with the handle of a key makes no token and opens no session at any name of this server", async () => {
    const request = async (url: string, headers: object, body: object) =>
      (await server.call("doors", "request", { method: "POST", url, headers, body })).body;
    const handle = async () => (await server.call("doors", "handle")).body.api_key;
    const before = await ownTokens();
    for (const name of ["x-totem-tool", "X-Totem-Tool"]) {
      const headers = { authorization: `Bearer ${await handle()}`, [name]: "" };
      expect(await request("/api/v1/mcp-tokens", headers, {})).toMatchObject({ success: true, status: 403 });
    }
    expect(await ownTokens()).toEqual(before);
    const { totp_code } = (await server.call("doors", "code")).body;
    const login = await request("/api/v1/auth/session", {}, { api_key: await handle(), code: totp_code });
    expect(login).toMatchObject({ success: true, status: 403, body: { code: "FORBIDDEN" } });
    expect(JSON.stringify(login)).not.toContain("totem_");
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
