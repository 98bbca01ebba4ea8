import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { node, toolEdge } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
const sites: Server[] = [];
const received: string[] = [];
let first: string;
let second: string;

const listen = async (): Promise<string> => {
  const site = createServer((request, response) => {
    received.push(`${request.method} ${request.headers.host}`);
    response.end("{}");
  }).listen(0, "127.0.0.1");
  sites.push(site);
  await new Promise((resolve) => site.once("listening", resolve));
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  [first, second] = [await listen(), await listen()];
  server = await startTestServer({ clock, settings: { TOTEM_ALLOWED_URLS: `${first},${second}` } });
});
afterAll(async () => {
  for (const site of sites) site.close();
  await server.stop();
});

async function addAgent(name: string, may_reach: string) {
  const tools = {
    create_agent_user: { reveal: "value" },
    vault_totp: { reveal: "handle" },
    http_request: {},
    platform_api: { base_url: second },
  };
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("agent", "agent", { may_reach }),
        ...Object.entries(tools).map(([id, config]) => node(id, id, config as never)),
      ],
      edges: Object.keys(tools).map((id) => toolEdge(id)),
    },
    name,
  );
  const { api_key: key, username } = (await server.call(slug, "create_agent_user")).body;
  const send = async (method: string, url: string, body?: unknown) =>
    (await server.call(slug, "http_request", { method, url, body })).body;
  return { slug, key: key as string, username: username as string, send };
}

const refusals = async (username: string) =>
  (await server.api("GET", "/audit-events?action=agent.reach_refused&limit=50")).body.audit_events.filter(
    (event: { on_behalf_of: string }) => event.on_behalf_of === username,
  );

it("an agent sends where its node says, with the methods it says, and nowhere else that the operator lists", async () => {
  const agent = await addAgent("Limited", `${first} GET, POST`);
  expect(await agent.send("GET", first)).toMatchObject({ success: true });
  expect(await agent.send("POST", `${first}/a`, {})).toMatchObject({ success: true });
  received.length = 0;
  const elsewhere = await agent.send("GET", second);
  expect(elsewhere).toMatchObject({ success: false, code: "REACH_REFUSED", retryable: false });
  expect(elsewhere.error).toContain(`to ${first} only`);
  expect(elsewhere.error).toContain("agent node");
  const deleted = await agent.send("DELETE", first);
  expect(deleted).toMatchObject({ code: "REACH_REFUSED" });
  expect(deleted.error).toContain("GET, POST");
  const { body } = await server.call(agent.slug, "platform_api", { method: "GET", path: "/x" });
  expect(body).toMatchObject({ success: false, code: "REACH_REFUSED" });
  expect(received).toEqual([]);
  expect((await refusals(agent.username)).map(({ reason }: { reason: string }) => reason)).toEqual([
    "method",
    "host",
  ]);
  // The log gets the first of a minute for each reason.
  clock.advance(61);
  await agent.send("GET", second);
  expect(await refusals(agent.username)).toHaveLength(3);
});

it("an agent without rules sends wherever the operator's list allows, and with them not beyond that list", async () => {
  const free = await addAgent("Free", "");
  expect(await free.send("DELETE", second)).toMatchObject({ success: true });
  const beyond = await addAgent("Beyond", "http://127.0.0.1:1");
  expect(await beyond.send("GET", "http://127.0.0.1:1")).toMatchObject({ code: "ADDRESS_REFUSED" });
});

it("a refused address does not use a handle up", async () => {
  const agent = await addAgent("Keeps handles", first);
  const entry = { name: "site", one_time: {}, origins: [first, second] };
  await server.as(agent.key)("POST", "/vault/entries", entry);
  const { totp_code } = (await server.call(agent.slug, "vault_totp", { name: "site" })).body;
  expect(totp_code).toMatch(/^totem:code:/);
  expect((await agent.send("POST", second, { totp_code })).code).toBe("REACH_REFUSED");
  expect(await agent.send("POST", first, { totp_code })).toMatchObject({ success: true });
});

it("a rate is counted in the database: calls at once do not pass it, and the log has one refusal a minute", async () => {
  const agent = await addAgent("At a rate", `${first} 3/minute\n${second}`);
  const sent = await Promise.all(Array.from({ length: 8 }, () => agent.send("GET", first)));
  const limited = sent.filter(({ code }) => code === "REACH_RATE_LIMITED");
  expect(sent.filter(({ success }) => success)).toHaveLength(3);
  expect(limited).toHaveLength(5);
  expect(limited[0]).toMatchObject({ retryable: true, retry_after_seconds: 60 });
  expect(await refusals(agent.username)).toMatchObject([{ reason: "rate" }]);
  expect(await agent.send("GET", second)).toMatchObject({ success: true });
  clock.advance(30);
  expect(await agent.send("GET", first)).toMatchObject({
    code: "REACH_RATE_LIMITED",
    retry_after_seconds: 30,
  });
  clock.advance(31);
  expect(await agent.send("GET", first)).toMatchObject({ success: true });
  const other = await addAgent("Another at a rate", `${first} 3/minute`);
  expect(await other.send("GET", first)).toMatchObject({ success: true });
  clock.advance(61);
  expect(await other.send("GET", first)).toMatchObject({ success: true });
  // A row that has ended is removed by the next call of any agent.
  const rows = await server.database.kysely.selectFrom("agent_reach").select("agent_user_id").execute();
  expect(rows).toHaveLength(1);
});

it("a setting that cannot be read lets nothing out", async () => {
  const agent = await addAgent("Unreadable", "everywhere");
  expect(await agent.send("GET", first)).toMatchObject({ success: false, code: "REACH_REFUSED" });
});
