import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { node, toolEdge } from "../../support/build-workflow.ts";
import { deliver } from "../../support/deliver.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
let server: TestServer;
const outside: Server[] = [];
let home: string;
let evil: string;
const received: string[] = [];

const listen = async (): Promise<string> => {
  const site = createServer((request, response) => {
    request.on("data", (chunk) => void received.push(String(chunk)));
    request.on("end", () => response.end("ok"));
  }).listen(0, "127.0.0.1");
  outside.push(site);
  await new Promise((resolve) => site.once("listening", resolve));
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  [home, evil] = [await listen(), await listen()];
  server = await startTestServer({ settings: { TOTEM_ALLOWED_URLS: `${home},${evil}` } });
});
beforeEach(() => {
  received.length = 0;
});
afterAll(async () => {
  for (const site of outside) site.close();
  await server.stop();
});

const handle = { reveal: "handle" };
async function addAgent(name: string, config: Record<string, object> = {}) {
  const tools = {
    create_agent_user: { reveal: "value" },
    get_totp_code: handle,
    vault_totp: handle,
    wait_for_code: { ...handle, timeout_seconds: 1 },
    vault_store: {},
    http_request: {},
    platform_api: {},
    ...config,
  };
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("agent", "agent"),
        ...Object.entries(tools).map(([id, one]) => node(id, id, one as never)),
      ],
      edges: Object.keys(tools).map((id) => toolEdge(id)),
    },
    name,
  );
  const { api_key: key, username } = (await server.call(slug, "create_agent_user")).body;
  return { slug, key: key as string, username: username as string };
}
type Agent = Awaited<ReturnType<typeof addAgent>>;

const post = async ({ slug }: Agent, url: string, body: unknown) =>
  (await server.call(slug, "http_request", { method: "POST", url, body })).body;
const entryOf = async ({ key }: Agent, name: string, origins: string[]) =>
  (await server.as(key)("POST", "/vault/entries", { name, one_time: { secret: seed }, origins })).body
    .id as string;
const codeOf = async ({ slug }: Agent, name: string) =>
  (await server.call(slug, "vault_totp", { name })).body.totp_code;

it("a code of a vault entry goes to the entry's origins, and a refused address does not use its handle up", async () => {
  const agent = await addAgent("Goes home");
  await entryOf(agent, "site", [home]);
  const code = await codeOf(agent, "site");
  const refused = await post(agent, evil, { code });
  expect(refused).toMatchObject({ success: false, code: "SECRET_NOT_FOR_ORIGIN", retryable: false });
  expect(refused.error).toContain(`for ${home} only`);
  expect(refused.error).toContain("owner");
  expect(refused.error).not.toContain(evil);
  expect(received).toEqual([]);
  expect(await post(agent, `${home}/login`, { code })).toMatchObject({ success: true });
  expect(received[0]).toMatch(/^\{"code":"\d{6}"\}$/);
  expect((await post(agent, home, { code })).code).toBe("HANDLE_REFUSED");
  const { audit_events } = (await server.api("GET", "/audit-events?action=handle.redeemed&limit=3")).body;
  expect(audit_events).toMatchObject([
    { result: "refused", reason: null },
    { result: "ok", reason: null },
    { result: "refused", reason: "origin" },
  ]);
});

it("an entry that belongs nowhere gives its codes to no address, and its owner changes that without a new code", async () => {
  const agent = await addAgent("Belongs nowhere");
  const id = await entryOf(agent, "site", []);
  const code = await codeOf(agent, "site");
  const refused = await post(agent, home, { code });
  expect(refused).toMatchObject({ code: "SECRET_NOT_FOR_ORIGIN" });
  expect(refused.error).toContain("belongs nowhere yet");
  await server.api("PATCH", `/vault/entries/${id}`, { origins: [home] });
  expect(await post(agent, home, { code })).toMatchObject({ success: true });
});

it("an origin that is taken from an entry is taken from the handles it has given", async () => {
  const agent = await addAgent("Is narrowed");
  const id = await entryOf(agent, "site", [home, evil]);
  const code = await codeOf(agent, "site");
  await server.api("PATCH", `/vault/entries/${id}`, { origins: [home] });
  expect((await post(agent, evil, { code })).code).toBe("SECRET_NOT_FOR_ORIGIN");
  await server.api("DELETE", `/vault/entries/${id}`);
  expect((await post(agent, home, { code })).code).toBe("HANDLE_REFUSED");
});

it("of several handles in one request none is used up where one does not belong", async () => {
  const agent = await addAgent("Sends two");
  await entryOf(agent, "here", [home]);
  await entryOf(agent, "there", [evil]);
  const [here, there] = [await codeOf(agent, "here"), await codeOf(agent, "there")];
  expect((await post(agent, home, { here, there })).code).toBe("SECRET_NOT_FOR_ORIGIN");
  expect(received).toEqual([]);
  expect(await post(agent, home, { here })).toMatchObject({ success: true });
  expect(await post(agent, evil, { there })).toMatchObject({ success: true });
});

it("a generated password goes to the login page that the agent stored it for", async () => {
  const agent = await addAgent("Signs up");
  const stored = await server.call(agent.slug, "vault_store", {
    name: "site",
    generate_password: true,
    url: `${home}/sign-up`,
  });
  const { password_handle: password } = stored.body;
  expect((await post(agent, evil, { password })).code).toBe("SECRET_NOT_FOR_ORIGIN");
  expect(await post(agent, home, { password })).toMatchObject({ success: true });
});

it("an agent's own code and key are for Totem's own API and leave it nowhere", async () => {
  const agent = await addAgent("Own", { create_agent_user: handle });
  const { api_key } = (await server.call(agent.slug, "create_agent_user")).body;
  const { totp_code } = (await server.call(agent.slug, "get_totp_code")).body;
  for (const secret of [api_key, totp_code]) {
    const refused = await post(agent, home, { secret });
    expect(refused).toMatchObject({ code: "SECRET_NOT_FOR_ORIGIN" });
    expect(refused.error).toContain("Totem's own API only");
  }
  expect(received).toEqual([]);
  const path = `/api/v1/agent-users/${agent.username}/verify`;
  const verified = await server.call(agent.slug, "platform_api", {
    method: "POST",
    path,
    body: { code: totp_code },
  });
  expect(verified.body).toMatchObject({ success: true, status: 200 });
});

it("a delivered code goes where the canvas says, and nowhere where it says nothing", async () => {
  const told = async (name: string, config: Record<string, object>) => {
    const agent = await addAgent(name, config);
    const waiting = server.call(agent.slug, "wait_for_code");
    await deliver(server, agent.username, "Your code is 482913.");
    return { agent, code: (await waiting).body.verification_code };
  };
  const silent = await told("Says nothing", {});
  expect((await post(silent.agent, home, { code: silent.code })).error).toContain("Nothing says where");
  const said = await told("Says where", { wait_for_code: { ...handle, origins: home } });
  expect((await post(said.agent, evil, { code: said.code })).code).toBe("SECRET_NOT_FOR_ORIGIN");
  expect(await post(said.agent, home, { code: said.code })).toMatchObject({ success: true });
  const based = await told("By its base URL", { http_request: { base_url: `${home}/api` } });
  expect(await post(based.agent, "/login", { code: based.code })).toMatchObject({ success: true });
});

it("a program that redeems a handle says where it sends it, and gets it for the entry's origins only", async () => {
  const agent = await addAgent("Program");
  await entryOf(agent, "site", ["https://*.example.com"]);
  const code = await codeOf(agent, "site");
  const redeem = async (body: object) =>
    (await server.as(agent.key)("POST", "/handles/redeem", { handle: code, ...body })).body;
  expect((await redeem({})).code).toBe("SECRET_NOT_FOR_ORIGIN");
  for (const url of [
    "https://example.com",
    "https://evil-example.com",
    "https://login.example.com.evil",
    "https://login.example.com:8443",
    "http://login.example.com",
    "https://login.example.com@evil.example",
    "https://ada@login.example.com",
    "https://login.example.com.",
    "https://lоgin.exаmple.com",
  ])
    expect((await redeem({ url })).code, url).toBe("SECRET_NOT_FOR_ORIGIN");
  expect((await redeem({ url: "https://login.example.com/start" })).value).toMatch(/^\d{6}$/);
});
