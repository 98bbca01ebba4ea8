import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type Agent, ProxyAgent, request as send } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { localhostCertificate, localhostKey } from "../../support/localhost-certificate.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const token = "ghp_Tr0ub4dor&3/canary+value";
const long = Array.from({ length: 400 }, (_, i) => `${i * 7919}key`).join("");
const trusted = getCACertificates();
let server: TestServer;
let home: Server;
let origin: string;
const open = new Map<string, ServerResponse>();
const arrived = new EventEmitter();
const heard: IncomingHttpHeaders[] = [];
const agents: Agent[] = [];

beforeAll(async () => {
  home = createServer({ key: localhostKey, cert: localhostCertificate }, (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      heard.push(request.headers);
      const { url = "", headers } = request;
      const said = `${headers.authorization ?? ""}${Buffer.concat(parts)}`;
      response.setHeader("content-type", url === "/events" ? "text/event-stream" : "text/plain");
      if (url === "/events") response.write("data: hello\n\n");
      if (url === "/events" || url === "/wait") {
        open.set(url, response);
        arrived.emit(url);
        return;
      }
      if (url === "/tell")
        for (const [path, other] of open) other.end(path === "/wait" ? said : `data: ${said}\n\n`);
      response.end(url === "/known" ? `It was ${token}.` : said);
    });
  }).listen(0, "localhost");
  await once(home, "listening");
  origin = `https://localhost:${(home.address() as AddressInfo).port}`;
  setDefaultCACertificates([...trusted, localhostCertificate]);
  server = await startTestServer({ settings: { TOTEM_PROXY_PORT: "0", TOTEM_ALLOWED_URLS: origin } });
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.destroy()));
  setDefaultCACertificates(trusted);
  await server.stop();
  home.closeAllConnections();
  home.close();
});

/** An agent with entries at the home server, its tool, and a program that acts for it. */
async function addAgent(name: string) {
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("chat", "trigger_chat"),
        node("agent", "agent"),
        node("model", "ai_model"),
        node("create", "create_agent_user"),
        node("http", "http_request", { base_url: origin }),
      ],
      edges: [flowEdge("chat", "agent"), modelEdge("model"), toolEdge("create"), toolEdge("http")],
    },
    name,
  );
  const { username } = (await server.call(slug, "create")).body as { username: string };
  const many = Object.fromEntries(Array.from({ length: 110 }, (_, i) => [`f${i}`, `value-number-${i}`]));
  const stored = await server.api("POST", "/vault/entries", {
    name,
    data: { token, long, ...many },
    origins: [origin],
  });
  expect(stored.status, stored.text).toBe(201);
  await server.api("PUT", `/vault/entries/${stored.body.id}/grants`, {
    grantee: { kind: "agent_user", name: username },
    rights: ["data"],
    outside_canvas: true,
  });
  const made = await server.api("POST", "/proxy-credentials", { agent_user: username });
  const ask = (path: string, options: { headers?: Record<string, string>; body?: string } = {}) => {
    const dispatcher = new ProxyAgent({
      uri: server.proxy?.url ?? "",
      requestTls: { ca: readFileSync(server.proxy?.certificateFile ?? "", "utf8") },
      token: `Basic ${Buffer.from(`${username}:${made.body.credential}`).toString("base64")}`,
    });
    agents.push(dispatcher as never);
    const { headers = {}, body } = options;
    return send(`${origin}${path}`, {
      dispatcher,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "text/plain" }) },
      ...(body === undefined ? {} : { method: "POST", body }),
    });
  };
  const secret = (field: string) => `{{vault.${name}.${field}}}`;
  return { slug, ask, secret };
}

describe("H11: a secret is taken out of an answer", () => {
  it("that was open before the agent was given it, in the proxy and in http_request", async () => {
    const { slug, ask, secret } = await addAgent("Open");
    const events = (await ask("/events")).body[Symbol.asyncIterator]();
    expect(String((await events.next()).value)).toBe("data: hello\n\n");
    const waits = once(arrived, "/wait");
    const tool = server.call(slug, "http", { method: "GET", url: "/wait", headers: {} });
    await waits;
    const told = await ask("/tell", { headers: { authorization: `Bearer ${secret("token")}` } });
    expect(await told.body.text()).toBe("Bearer ••••••");
    expect(heard.at(-1)?.authorization).toBe(`Bearer ${token}`);
    expect(String((await events.next()).value)).toBe("data: Bearer ••••••\n\n");
    expect((await tool).body).toMatchObject({ status: 200, body: "Bearer ••••••" });
  });

  it("also where it is long, and then the log holds nothing of it", async () => {
    const { ask, secret } = await addAgent("Long");
    expect(long.length).toBeGreaterThan(3_552);
    const answer = await ask("/echo", { body: `<${secret("long")}>` });
    expect([answer.statusCode, await answer.body.text()]).toEqual([200, "<••••••>"]);
    expect(JSON.stringify(server.log)).not.toContain(long.slice(0, 40));
  });

  it("that cannot be asked for piece by piece", async () => {
    const { slug, ask, secret } = await addAgent("Pieces");
    const headers = { range: "bytes=0-6", "if-range": '"1"', authorization: secret("token") };
    await (await ask("/echo", { headers })).body.dump();
    await server.call(slug, "http", { method: "GET", url: "/echo", headers });
    for (const got of heard.slice(-2)) {
      expect(got.authorization).toBe(token);
      expect(Object.keys(got)).not.toContain("range");
      expect(Object.keys(got)).not.toContain("if-range");
    }
  });

  it("also after a request that names more secrets than are remembered, which is refused", async () => {
    const { ask, secret } = await addAgent("Many");
    await (await ask("/echo", { body: secret("token") })).body.dump();
    const before = heard.length;
    const fields = (count: number) => Array.from({ length: count }, (_, i) => secret(`f${i}`)).join(" ");
    for (const count of [110, 100]) {
      const refused = await ask("/echo", { body: fields(count) });
      expect([refused.statusCode, await refused.body.json()]).toMatchObject([429, { code: "RATE_LIMITED" }]);
    }
    expect(heard).toHaveLength(before);
    expect(await (await ask("/known")).body.text()).toBe("It was ••••••.");
  });
});
