import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
const clock = fixedClock();
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

const signIn = (proof: object) => server.send("POST", "/api/v1/auth/sign-in", proof);
const cookieOf = (headers: Headers): string => headers.getSetCookie()[0] ?? "";
const signedIn = async (): Promise<string> =>
  cookieOf((await signIn({ key: server.adminKey })).headers).split(";")[0] ?? "";
const withCookie = (
  method: string,
  path: string,
  cookie: string,
  more: Record<string, string> = {},
  body?: unknown,
) => server.send(method, `/api/v1${path}`, body, { cookie, ...more });
const csrf = { "x-totem-csrf": "1" };

describe("signing in to the studio", () => {
  it("works once with the printed link, and never again", async () => {
    const link = server.signInLink?.split("#sign-in=")[1] ?? "";
    const first = await signIn({ link });
    expect([first.status, first.text]).toEqual([204, ""]);
    const [again, made] = [await signIn({ link }), await signIn({ link: `${link.slice(0, -1)}A` })];
    for (const refused of [again, made]) {
      expect(refused).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    expect(server.log.join("")).not.toContain(link);
  });

  it("G12: gives a cookie no script can read, that is sent over TLS or loopback only and by our pages only", async () => {
    const cookie = cookieOf((await signIn({ key: server.adminKey })).headers);
    expect(cookie).toMatch(/^__Host-totem=totem_session_[A-Za-z0-9_-]{43};/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toMatch(/Domain=/i);
  });

  it("is refused with a wrong key, both at once, or neither, and every try is in the audit log", async () => {
    for (const proof of [{ key: "x".repeat(40) }, { key: "" }, { key: `${server.adminKey} ` }])
      expect((await signIn(proof)).status).toBe(401);
    for (const proof of [
      {},
      { key: server.adminKey, link: "x" },
      { key: [server.adminKey] },
      { key: { $ne: "" } },
    ])
      expect((await signIn(proof)).status).toBe(400);
    const { audit_events } = (await server.api("GET", "/audit-events?limit=1")).body;
    expect(audit_events[0]).toMatchObject({ action: "studio.signed_in", result: "refused", reason: "key" });
  });

  it("stores the hash of the cookie, never the cookie", async () => {
    const token = (await signedIn()).split("=")[1] ?? "";
    const rows = await server.database.kysely.selectFrom("studio_session").selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe("G12: a request that a cookie speaks for", () => {
  it("needs a header no other site can send, for whatever changes something", async () => {
    const cookie = await signedIn();
    expect((await withCookie("GET", "/whoami", cookie)).body).toMatchObject({
      kind: "person",
      name: "administrator",
    });
    for (const [method, path, body] of [
      ["POST", "/workflows", { name: "forged" }],
      ["POST", "/keys", { name: "forged", scopes: ["admin"] }],
      ["DELETE", "/auth/sign-in", undefined],
      ["PUT", "/workflows/prove-who-you-are", { version: 1, nodes: [], edges: [] }],
    ] as const) {
      const refused = await withCookie(method, path, cookie, {}, body);
      expect(refused.body, path).toMatchObject({ status: 403, code: "CSRF_PROOF_MISSING" });
    }
    expect((await withCookie("POST", "/workflows", cookie, csrf, { name: "meant" })).status).toBe(201);
    expect((await server.api("GET", "/keys")).body.keys).toEqual([]);
  });

  it("is not asked for that header with a bearer token, which no browser sends by itself", async () => {
    expect((await server.api("POST", "/workflows", { name: "bearer" })).status).toBe(201);
  });

  it("ends with signing out, and after its week", async () => {
    const cookie = await signedIn();
    const out = await withCookie("DELETE", "/auth/sign-in", cookie, csrf);
    expect(out.status).toBe(204);
    expect(cookieOf(out.headers)).toMatch(/^__Host-totem=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/i);
    expect((await withCookie("GET", "/whoami", cookie)).status).toBe(401);
    const other = await signedIn();
    clock.advance(7 * 86_400 - 1);
    expect((await withCookie("GET", "/whoami", other)).status).toBe(200);
    clock.advance(2);
    expect((await withCookie("GET", "/whoami", other)).status).toBe(401);
  });

  it("is nobody's with another cookie name, a made-up value, or the cookie sent as a bearer token", async () => {
    const cookie = await signedIn();
    const token = cookie.split("=")[1] ?? "";
    for (const odd of [
      `totem=${token}`,
      "__Host-totem=",
      `__Host-totem=${token.slice(0, -1)}`,
      `__host-totem=${token}`,
    ])
      expect((await withCookie("GET", "/whoami", odd)).status).toBe(401);
    expect((await server.as(token)("GET", "/whoami")).status).toBe(401);
    const wrongBearer = { authorization: "Bearer totem_key_wrong" };
    expect((await withCookie("GET", "/whoami", cookie, wrongBearer)).status).toBe(401);
  });
});

describe("an agent's session", () => {
  it("lasts ten minutes, and dies with the key it was made from", async () => {
    const { agentWorkflow } = await import("../../support/build-workflow.ts");
    const slug = await server.addWorkflow(agentWorkflow(), "Sessions");
    const open = async (): Promise<string> => {
      const { api_key } = (await server.call(slug, "create")).body;
      clock.advance(30);
      const { totp_code } = (await server.call(slug, "code")).body;
      return (await server.send("POST", "/api/v1/auth/session", { api_key, code: totp_code })).body.token;
    };
    const first = await open();
    clock.advance(599);
    expect((await server.as(first)("GET", "/whoami")).status).toBe(200);
    clock.advance(1);
    expect((await server.as(first)("GET", "/whoami")).status).toBe(401);

    const second = await open();
    expect((await server.api("POST", "/agent-users/agent_sessions_agent/rotate-key", {})).status).toBe(200);
    expect((await server.as(second)("GET", "/whoami")).status).toBe(401);

    const third = await open();
    await server.api("POST", "/agent-users/agent_sessions_agent/disable");
    expect((await server.as(third)("GET", "/whoami")).status).toBe(401);
  });
});
