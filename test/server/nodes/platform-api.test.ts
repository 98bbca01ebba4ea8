import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const received: { headers: IncomingHttpHeaders; url: string; body: string }[] = [];
const other = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => (body += chunk));
  request.on("end", () => {
    received.push({ headers: request.headers, url: request.url ?? "", body });
    response.end('{"hello":"agent"}');
  });
});
let server: TestServer;
let elsewhere: string;
let apiKey: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  server = await startTestServer({ settings: { TOTEM_ALLOWED_URLS: `${elsewhere}/api` } });
  const graph = agentWorkflow();
  for (const [id, base_url] of [
    ["listed", `${elsewhere}/api/`],
    ["unlisted", "http://127.0.0.1:9"],
    ["outside", elsewhere],
  ] as const) {
    graph.nodes.push(node(id, "platform_api", { base_url }));
    graph.edges.push({
      id: `${id}-agent`,
      source: id,
      target: "agent",
      sourceHandle: "sub-source",
      targetHandle: "tools",
      label: "tool",
    });
  }
  await server.addWorkflow(graph, "Calls");
  apiKey = (await server.call("calls", "create")).body.api_key;
});
afterAll(async () => {
  await server.stop();
  other.closeAllConnections();
  other.close();
});
const call = (id: string, args: object) => server.call("calls", id, args);

describe("platform_api and other servers", () => {
  it("adds no key, no session and no cookie to a request that leaves this server", async () => {
    const answer = await call("listed", { method: "POST", path: "/things?x=1", body: { a: 1 } });
    expect(answer.body).toEqual({ success: true, status: 200, body: { hello: "agent" } });
    const [{ headers = {}, url, body } = { url: "", body: "" }] = received;
    expect([url, body]).toEqual(["/api/things?x=1", '{"a":1}']);
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(["authorization"]));
    expect(JSON.stringify(received)).not.toMatch(/totem_|bearer|cookie/i);
  });

  it("refuses an address that is not listed, and a path that leaves the listed one", async () => {
    for (const [id, path] of [
      ["unlisted", "/"],
      ["outside", "/"],
      ["outside", "/secret"],
      ["listed", "/../secret"],
      ["listed", "/..%2fsecret"],
    ] as const)
      expect((await call(id, { path })).body, `${id} ${path}`).toMatchObject({
        success: false,
        code: "ADDRESS_REFUSED",
      });
    expect((await call("listed", { path: "@evil.example/" })).body.code).toBe("INPUT_INVALID");
  });
});

describe("platform_api and this server", () => {
  it("calls below /api/v1/ only, however the path is spelled", async () => {
    for (const path of [
      "/",
      "/livez",
      "/openapi.json",
      "/api/v1",
      "/api/v1/../../livez",
      "/api/v1/%2e%2e/%2e%2e/livez",
      "\\\\evil.example\\x",
      "/\\evil.example/api/v1/x",
      "http://evil.example/api/v1/whoami",
      "//evil.example/api/v1/whoami",
      "",
      "api/v1/whoami",
      "/api/v1/%zz",
    ])
      expect((await call("platform", { path })).body, path).toMatchObject({
        success: false,
        code: "INPUT_INVALID",
      });
  });

  it("takes any JSON as the body, as the API does", async () => {
    for (const body of [5, "text", null, true, [1], { a: 1 }]) {
      const answer = await call("platform", {
        method: "POST",
        path: "/api/v1/agent-users/somebody/verify",
        body,
      });
      expect(answer.body, JSON.stringify(body)).toMatchObject({
        success: true,
        status: 400,
        body: { code: "INPUT_INVALID" },
      });
    }
    expect((await call("platform", { method: "DELETE", path: "/api/v1/keys/x" })).body).toMatchObject({
      status: 403,
    });
  });

  it("does not call tools, so that no tool calls itself without end", async () => {
    for (const path of [
      "/api/v1/workflows/calls/nodes/platform/call",
      "/api/v1/workflows/calls/nodes/platform/c%61ll",
      "/api/v1/workflows/calls/%6eodes/platform/call",
      "/api/v1/workflows/calls/nodes/code/call?x=1",
    ])
      expect((await call("platform", { method: "POST", path, body: {} })).body, path).toMatchObject({
        success: false,
        code: "INPUT_INVALID",
      });
  });

  it("is nobody but its own agent: it may do what the agent may, and an ended account may do nothing", async () => {
    expect((await call("platform", { path: "/api/v1/keys" })).body).toMatchObject({
      success: true,
      status: 403,
    });
    expect((await call("platform", { path: "/api/v1/whoami" })).body.body).toMatchObject({
      name: "agent_calls_agent",
      scopes: ["codes:read", "workflows:read", "vault:read", "vault:write"],
    });
    expect(JSON.stringify(await call("platform", { path: "/api/v1/whoami" }))).not.toContain(apiKey);
    await server.api("POST", "/agent-users/agent_calls_agent/disable");
    expect((await call("platform", { path: "/api/v1/whoami" })).body).toMatchObject({
      success: false,
      code: "AGENT_USER_DISABLED",
    });
    expect((await call("listed", { path: "/things" })).body).toMatchObject({
      success: false,
      code: "AGENT_USER_DISABLED",
    });
  });
});
