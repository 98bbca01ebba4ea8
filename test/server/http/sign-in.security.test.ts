import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { signInPerson } from "../../support/person-session.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
const clock = fixedClock();
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

const pageProof = random.bytes(32).toString("base64url");
const signIn = (by: object, proof = pageProof) =>
  server.send("POST", "/api/v1/auth/sign-in", by, { "x-totem-proof": proof });
const cookieOf = (headers: Headers): string => headers.getSetCookie()[0] ?? "";

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
    for (const by of [{ key: "x".repeat(40) }, { key: "" }, { key: `${server.adminKey} ` }])
      expect((await signIn(by)).status).toBe(401);
    for (const by of [
      {},
      { key: server.adminKey, link: "x" },
      { key: [server.adminKey] },
      { key: { $ne: "" } },
    ])
      expect((await signIn(by)).status).toBe(400);
    const { audit_events } = (await server.api("GET", "/audit-events?limit=1")).body;
    expect(audit_events[0]).toMatchObject({ action: "studio.signed_in", result: "refused", reason: "key" });
  });

  it("is refused without a proof of 32 bytes or more, and never repeats it", async () => {
    for (const proof of ["", "1", "x".repeat(42), `${pageProof}=`, "x".repeat(87)]) {
      const { status, text } = await signIn({ key: server.adminKey }, proof);
      expect(status).toBe(400);
      expect(text).toContain("x-totem-proof");
      if (proof.length > 1) expect(text).not.toContain(proof);
    }
  });

  it("stores the hash of the cookie and of the proof, never what they are", async () => {
    const { cookie, proof } = await signInPerson(server);
    const rows = await server.database.kysely.selectFrom("studio_session").selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    for (const secret of [cookie.split("=")[1] ?? "", proof])
      expect(JSON.stringify(rows)).not.toContain(secret);
  });
});

describe("a request that a cookie speaks for", () => {
  it("H1: needs the proof of the page that signed in, for reads too, and leaves a row where it is missing", async () => {
    const person = await signInPerson(server);
    const stranger = await signInPerson(server);
    expect((await person.send("GET", "/whoami")).body).toMatchObject({ kind: "person" });
    const vault = await server.database.kysely.selectFrom("audit_event").select("id").execute();
    const tries = [
      ["GET", "/whoami", undefined],
      ["GET", "/keys", undefined],
      ["GET", "/workflows", undefined],
      ["POST", "/workflows", { name: "forged" }],
      ["POST", "/keys", { name: "forged", scopes: ["admin"] }],
      ["DELETE", "/auth/sign-in", undefined],
      ["PUT", "/workflows/prove-who-you-are", { version: 1, nodes: [], edges: [] }],
    ] as const;
    const headers: Record<string, string>[] = [
      {},
      { "x-totem-csrf": "1" },
      { "x-totem-proof": stranger.proof },
      { "x-totem-proof": "" },
    ];
    for (const [method, path, body] of tries)
      for (const more of headers) {
        const refused = await server.send(method, `/api/v1${path}`, body, { cookie: person.cookie, ...more });
        expect(refused.body, path).toMatchObject({ status: 401, code: "SESSION_PROOF_NEEDED" });
      }
    const rows = await server.database.kysely
      .selectFrom("audit_event")
      .selectAll()
      .orderBy("id", "desc")
      .execute();
    const since = rows.slice(0, rows.length - vault.length);
    expect(since).toHaveLength(tries.length * headers.length);
    expect(new Set(since.map(({ action, result, reason }) => `${action} ${result} ${reason}`))).toEqual(
      new Set(["studio.session_refused refused proof"]),
    );
    expect((await person.send("POST", "/workflows", { name: "meant" })).status).toBe(201);
    expect((await server.api("GET", "/keys")).body.keys).toEqual([]);
  });

  it("H1: fills no log: there are 200 rows an hour about one copied cookie, then there are more", async () => {
    const { cookie } = await signInPerson(server);
    const rows = async () =>
      (
        await server.database.kysely
          .selectFrom("audit_event")
          .select("id")
          .where("action", "=", "studio.session_refused")
          .execute()
      ).length;
    const before = await rows();
    const replay = async (times: number, headers: Record<string, string> = {}) => {
      for (let time = 0; time < times; time++)
        expect((await server.send("GET", "/api/v1/keys", undefined, { cookie, ...headers })).status).toBe(
          "origin" in headers ? 403 : 401,
        );
    };
    await replay(140);
    await replay(140, { origin: "http://127.0.0.1:1" });
    expect(await rows()).toBe(before + 200);
    clock.advance(3600);
    await replay(1);
    expect(await rows()).toBe(before + 201);
  });

  it("is not asked for that header with a bearer token, which no browser sends by itself", async () => {
    expect((await server.api("POST", "/workflows", { name: "bearer" })).status).toBe(201);
  });

  it("H6: ends with signing out, when it is not used for 12 hours, and after its week", async () => {
    const person = await signInPerson(server);
    const whoami = async (who = person) => (await who.send("GET", "/whoami")).status;
    const out = await person.send("DELETE", "/auth/sign-in");
    expect(out.status).toBe(204);
    expect(cookieOf(out.headers)).toMatch(/^__Host-totem=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/i);
    expect(await whoami()).toBe(401);
    const idle = await signInPerson(server);
    clock.advance(12 * 3_600 - 1);
    expect(await whoami(idle)).toBe(200);
    clock.advance(12 * 3_600);
    expect(await whoami(idle)).toBe(401);
    const used = await signInPerson(server);
    for (let hours = 0; hours < 7 * 24 - 8; hours += 8) {
      clock.advance(8 * 3_600);
      expect(await whoami(used)).toBe(200);
    }
    clock.advance(8 * 3_600 - 1);
    expect(await whoami(used)).toBe(200);
    clock.advance(2);
    expect(await whoami(used)).toBe(401);
  });

  it("is nobody's with another cookie name, a made-up value, or the cookie sent as a bearer token", async () => {
    const { cookie, proof } = await signInPerson(server);
    const token = cookie.split("=")[1] ?? "";
    const whoami = async (headers: Record<string, string>) =>
      (await server.send("GET", "/api/v1/whoami", undefined, { "x-totem-proof": proof, ...headers })).status;
    expect(await whoami({ cookie })).toBe(200);
    for (const odd of [
      `totem=${token}`,
      "__Host-totem=",
      `__Host-totem=${token.slice(0, -1)}`,
      `__host-totem=${token}`,
    ])
      expect(await whoami({ cookie: odd })).toBe(401);
    expect((await server.as(token)("GET", "/whoami")).status).toBe(401);
    expect(await whoami({ cookie, authorization: "Bearer totem_key_wrong" })).toBe(401);
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

it("H4: records that neither the key nor a link without a name signs anyone in where there are several people", async () => {
  const several = await startTestServer();
  onTestFinished(several.stop);
  const link = several.signInLink?.split("#sign-in=")[1] ?? "";
  await signInPerson(several);
  await addPerson(several, { roles: ["operator"] });
  for (const by of [{ key: several.adminKey }, { link }]) {
    const refused = await several.send("POST", "/api/v1/auth/sign-in", by, { "x-totem-proof": pageProof });
    expect([refused.status, refused.body.detail ?? refused.body.title]).toEqual([
      401,
      expect.stringContaining("Several people use this server."),
    ]);
    const [newest] = (await several.api("GET", "/audit-events?limit=1")).body.audit_events;
    expect(newest).toMatchObject({ action: "studio.signed_in", result: "refused", reason: "several" });
  }
});
