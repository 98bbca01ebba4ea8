import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { rawRequest } from "../../support/raw-request.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

let server: TestServer;
let framed: TestServer;
let person: PersonSession;
let port: string;
const ask = (path: string, headers: Record<string, string> = {}, method = "GET", body?: unknown) =>
  rawRequest(`${server.url}${path}`, { method, headers, body });
const ownPage = () => ({ cookie: person.cookie, "x-totem-proof": person.proof });
const statusOf = async (path: string, headers: Record<string, string>, method = "GET", body?: unknown) =>
  (await ask(path, headers, method, body)).status;
const refusals = async () =>
  (
    await server.database.kysely
      .selectFrom("audit_event")
      .select(["reason", "actor_kind", "subject_kind", "result"])
      .where("action", "=", "studio.session_refused")
      .execute()
  ).length;
/** The studio's document; without a built studio, the hint where it would be. */
const document = existsSync("dist/studio/index.html") ? 200 : 503;

beforeAll(async () => {
  [server, framed] = await Promise.all([
    startTestServer({ settings: { TOTEM_PUBLIC_URL: "https://totem.example" } }),
    startTestServer({ settings: { TOTEM_FRAME_ANCESTORS: "https://host.example" } }),
  ]);
  person = await signInPerson(server);
  port = new URL(server.url).port;
});
afterAll(() => Promise.all([server.stop(), framed.stop()]));

describe("H14: the name in the address", () => {
  it("is this server's: a loopback name, the address listened on, or that of TOTEM_PUBLIC_URL", async () => {
    for (const host of [
      `127.0.0.1:${port}`,
      "127.0.0.1",
      `localhost:${port}`,
      "LOCALHOST:1",
      `[::1]:${port}`,
      "totem.localhost",
      "totem.example",
      "totem.example:443",
    ])
      expect(await statusOf("/api/v1/whoami", { host, ...ownPage() }), host).toBe(200);
  });

  it("is no other: a page with a changed name server gets nothing, not even HTML", async () => {
    for (const host of [
      `rebind.test:${port}`,
      "totem.example.rebind.test",
      "localhost.rebind.test",
      "notlocalhost",
      "127.0.0.1.rebind.test",
      "127.0.0.1.",
      "0.0.0.0",
      "192.0.2.7",
      "[::2]",
      "totem.example@rebind.test",
    ])
      for (const [path, method] of [
        ["/", "GET"],
        ["/w/any", "GET"],
        ["/assets/any.js", "GET"],
        ["/openapi.json", "GET"],
        ["/nothing", "GET"],
        ["/api/v1/whoami", "GET"],
        ["/api/v1/auth/sign-in", "POST"],
        ["/api/v2/totp/secrets", "GET"],
        ["/v0/vault", "GET"],
      ] as const) {
        const headers = { host, ...(path === "/" ? {} : ownPage()) };
        const { status, text, type } = await ask(path, headers, method);
        expect([status, type?.includes("html")], `${host} ${path}`).toEqual([403, false]);
        expect(withoutRandom(text)).not.toMatch(/<|rebind|192\.0/);
      }
  });

  it("does not matter to a program with a key, and a page cannot use that: it has no key", async () => {
    const bearer = { authorization: `Bearer ${server.adminKey}` };
    const [host, wrong] = ["totem.internal:4180", { authorization: "Bearer made-up" }];
    expect(await statusOf("/api/v1/whoami", { host, ...bearer })).toBe(200);
    expect(await statusOf("/api/v1/whoami", { host, ...ownPage(), ...wrong })).toBe(401);
    expect(await statusOf("/mcp/made-up", { host, ...ownPage() })).toBe(401);
    const answer = await ask("/api/v2/totp/secrets", { host, "x-api-key": "made-up", ...ownPage() });
    expect(answer.text).not.toContain("another");
    // What needs no key is no way around.
    for (const path of ["/", "/openapi.json", "/nothing"])
      for (const key of [bearer, wrong]) expect(await statusOf(path, { host, ...key }), path).toBe(403);
  });

  it("does not matter to probes, signed hooks, and agents who open a session", async () => {
    const host = "totem.internal:4180";
    expect(await statusOf("/livez", { host })).toBe(200);
    expect(await statusOf("/readyz", { host })).toBe(200);
    expect((await ask("/hooks/inbox/x", { host }, "POST", {})).text).not.toContain("FOREIGN_REQUEST");
    expect(await statusOf("/api/v1/auth/session", { host }, "POST", { api_key: "x", code: "1" })).toBe(401);
  });
});

describe("H2: where a request comes from", () => {
  it("is this server's own pages, as far as the browser says", async () => {
    expect(await statusOf("/api/v1/whoami", { "sec-fetch-site": "same-origin", ...ownPage() })).toBe(200);
    const before = await refusals();
    for (const site of ["same-site", "cross-site", "none", "odd"])
      for (const [path, method] of [
        ["/api/v1/whoami", "GET"],
        ["/api/v1/runs/x/events", "GET"],
        ["/api/v1/keys", "POST"],
        ["/v0/whoami", "GET"],
        ["/assets/any.js", "GET"],
        ["/", "POST"],
      ] as const) {
        const answer = await ask(path, { "sec-fetch-site": site, ...ownPage() }, method);
        expect(answer.status, `${site} ${path}`).toBe(403);
      }
    expect(await refusals()).toBe(before + 24);
  });

  it("may be elsewhere for a document that a person opens, and for nothing else", async () => {
    const opened = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    for (const path of ["/", "/w/any", "/vault"]) expect(await statusOf(path, opened), path).toBe(document);
    expect(await statusOf("/", { ...opened, "sec-fetch-site": "none" })).toBe(document);
    for (const odd of [
      { "sec-fetch-mode": "cors" },
      { "sec-fetch-mode": "no-cors" },
      { "sec-fetch-dest": "iframe" },
      { "sec-fetch-dest": "image" },
      { "sec-fetch-dest": "object" },
    ])
      expect(await statusOf("/", { ...opened, ...odd })).toBe(403);
    expect(await statusOf("/api/v1/whoami", { ...opened, ...ownPage() })).toBe(403);
    expect(await statusOf("/", opened, "POST")).toBe(403);
  });

  it("may be a frame of another site where TOTEM_FRAME_ANCESTORS names one", async () => {
    const headers = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "iframe",
    };
    expect((await rawRequest(`${framed.url}/`, { headers })).status).toBe(document);
    expect((await rawRequest(`${framed.url}/api/v1/whoami`, { headers })).status).toBe(403);
  });

  it("is not another origin, nor the same name over http where ours has https", async () => {
    for (const [host, origin, status] of [
      [`127.0.0.1:${port}`, `http://127.0.0.1:${port}`, 200],
      [`127.0.0.1:${port}`, "https://totem.example", 200],
      ["localhost:80", "http://localhost", 200],
      [`127.0.0.1:${port}`, "http://127.0.0.1:1", 403],
      [`127.0.0.1:${port}`, `http://localhost:${port}`, 403],
      [`127.0.0.1:${port}`, "null", 403],
      [`127.0.0.1:${port}`, "", 403],
      [`127.0.0.1:${port}`, "https://totem.example.rebind.test", 403],
      ["totem.example", "http://totem.example", 403],
      ["totem.example", "https://totem.example:8443", 403],
    ] as const)
      expect(await statusOf("/api/v1/whoami", { host, origin, ...ownPage() }), origin).toBe(status);
  });

  it("is refused before anything runs: counters, budgets and sessions stay as they are, and one row is written", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Foreign");
    await server.call(slug, "create");
    const entry = (
      await server.api("POST", "/vault/entries", {
        name: "counted",
        enrolment: "otpauth://hotp/Bank:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&counter=0",
      })
    ).body.id;
    const read = async () => {
      const db = server.database.kysely;
      const [entries, agents, sessions, keys] = await Promise.all([
        db.selectFrom("vault_entry").selectAll().execute(),
        db.selectFrom("agent_user").selectAll().execute(),
        db.selectFrom("studio_session").selectAll().execute(),
        db.selectFrom("service_key").select("id").execute(),
      ]);
      return { entries, agents, sessions, keys };
    };
    const before = await read();
    for (const [path, method] of [
      [`/api/v1/vault/entries/${entry}/code`, "GET"],
      [`/api/v2/totp/code/${entry}`, "GET"],
      ["/v0/vault/counted/totp", "GET"],
      ["/api/v1/agent-users/agent_foreign_agent/code", "POST"],
      ["/api/v1/auth/sign-in", "DELETE"],
    ] as const)
      for (const headers of [
        { "sec-fetch-site": "same-site" },
        { origin: "http://127.0.0.1:1" },
        { host: "rebind.test" },
      ] as Record<string, string>[]) {
        const rows = await refusals();
        const { cookie } = person;
        expect(await statusOf(path, { cookie, ...headers }, method), path).toBe(403);
        expect(await statusOf(path, { ...ownPage(), ...headers }, method), path).toBe(403);
        expect(await refusals()).toBe(rows + 2);
        // A cookie that is no session's leaves no trace: a stranger could fill the log.
        await ask(path, { cookie: "__Host-totem=made-up", ...headers }, method);
        expect(await refusals()).toBe(rows + 2);
      }
    expect(await read()).toEqual(before);
  });
});
