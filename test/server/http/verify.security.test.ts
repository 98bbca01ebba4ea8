import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createLogger } from "../../../server/logger.ts";
import { readSettings } from "../../../server/settings.ts";
import { startServer } from "../../../server/start-server.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { openTestDatabase } from "../../support/open-test-database.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let agent: { slug: string; username: string; api_key: string };
let count = 0;
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());
beforeEach(async () => {
  clock.set(new Date(Date.UTC(2026, 0, 1, ++count)));
  const slug = await server.addWorkflow(agentWorkflow(), `Agent ${count}`);
  agent = { slug, ...(await server.call(slug, "create")).body };
});

const code = async (): Promise<string> => (await server.call(agent.slug, "code")).body.totp_code;
/** The code of another moment, without moving time for good. */
const codeIn = async (seconds: number): Promise<string> => {
  clock.advance(seconds);
  const there = await code();
  clock.advance(-seconds);
  return there;
};
const wrongCode = async (): Promise<string> => {
  const near = new Set(await Promise.all([-60, -30, 0, 30, 60].map(codeIn)));
  return (
    ["000000", "111111", "222222", "333333", "444444", "555555"].find((guess) => !near.has(guess)) ?? "666666"
  );
};
const body = ({
  status,
  body: answer,
  headers,
}: {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}) => ({
  status,
  answer: { ...answer, instance: "" },
  retryAfter: headers.get("retry-after"),
});

/** The three ways to send a code; each is to be refused in one way only. */
const ways: [string, (sent: unknown) => ReturnType<TestServer["api"]>][] = [
  ["the verify route", (sent) => server.api("POST", `/agent-users/${agent.username}/verify`, { code: sent })],
  [
    "the login exchange",
    (sent) => server.send("POST", "/api/v1/auth/session", { api_key: agent.api_key, code: sent }),
  ],
  [
    "the tool",
    (sent) => server.api("POST", `/workflows/${agent.slug}/nodes/verify/call`, { arguments: { code: sent } }),
  ],
];

describe.each(ways)("a code sent to %s", (_way, send) => {
  it("C1: is accepted once", async () => {
    const sent = await code();
    expect((await send(sent)).status).toBe(200);
    expect((await send(sent)).status).toBe(401);
  });

  it("C7: is refused with one status and body, whether it is wrong, used, late, early, malformed or of a disabled account", async () => {
    const used = await code();
    await send(used);
    const answers = [];
    for (const sent of [used, await codeIn(-120), await wrongCode(), "12345", `${used} `, "１２３４５６"])
      answers.push(body(await send(sent)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401, answer: { code: "CODE_REJECTED" }, retryAfter: null });
  });

  it("C8: is refused at the sixth attempt in a minute, also a right one, and the answer says when to come back", async () => {
    const guess = await wrongCode();
    for (let attempt = 1; attempt <= 5; attempt++) expect((await send(guess)).status).toBe(401);
    const right = await code();
    const limited = await send(right);
    expect(limited).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    expect(limited.headers.get("retry-after")).toBe("60");
    clock.advance(60);
    expect((await send(await code())).status).toBe(200);
  });

  it("C12: is judged by the server's own time, whatever else is sent along", async () => {
    const old = await codeIn(-90);
    const more = {
      time: clock.now().getTime() - 90_000,
      step: 1,
      counter: 0,
      window: 10,
      skew: 10,
      algorithm: "SHA512",
      digits: 6,
      period: 300,
      valid: true,
    };
    const paths: [string, object][] = [
      [`/api/v1/agent-users/${agent.username}/verify?skew=10&time=0`, { code: old, ...more }],
      ["/api/v1/auth/session?window=10", { api_key: agent.api_key, code: old, ...more }],
      [`/api/v1/workflows/${agent.slug}/nodes/verify/call`, { arguments: { code: old, ...more }, ...more }],
    ];
    for (const [path, sent] of paths) {
      const { status } = await server.send("POST", path, sent, {
        authorization: `Bearer ${server.adminKey}`,
        date: new Date(clock.now().getTime() - 90_000).toUTCString(),
      });
      expect([400, 401]).toContain(status);
    }
  });
});

describe("the login exchange", () => {
  it("refuses a wrong key, a wrong code and a disabled account in the same words", async () => {
    const login = (api_key: unknown, sent: unknown) =>
      server.send("POST", "/api/v1/auth/session", { api_key, code: sent });
    const answers = [
      body(await login(`totem_agent_${"A".repeat(43)}`, await code())),
      body(await login("", await code())),
      body(await login(agent.api_key, await wrongCode())),
    ];
    await server.api("POST", `/agent-users/${agent.username}/disable`);
    answers.push(body(await login(agent.api_key, "123456")));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 401, answer: { code: "CODE_REJECTED" } });
  });

  it("takes the key of this agent with the code of this agent only", async () => {
    const sent = await code();
    const other = await server.addWorkflow(agentWorkflow(), "Another agent");
    const { api_key } = (await server.call(other, "create")).body;
    expect((await server.send("POST", "/api/v1/auth/session", { api_key, code: sent })).status).toBe(401);
  });

  it("refuses codes that are not text", async () => {
    for (const sent of [123456, null, ["123456"], { code: "123456" }, true, undefined, "1".repeat(65)])
      for (const [, send] of ways) expect((await send(sent)).status).toBe(400);
  });
});

describe("codes in JSON", () => {
  it("A3: are strings that keep their leading zeros", async () => {
    for (let step = 0; ; step++) {
      expect(step).toBeLessThan(200);
      const { body: answer, text } = await server.call(agent.slug, "code");
      expect(answer.totp_code).toMatch(/^\d{6}$/);
      if (answer.totp_code.startsWith("0")) {
        expect(text).toContain(`"totp_code":"${answer.totp_code}"`);
        expect(
          (
            await server.api("POST", `/agent-users/${agent.username}/verify`, {
              code: answer.totp_code.replace(/^0+/, ""),
            })
          ).status,
        ).toBe(401);
        expect(
          (await server.api("POST", `/agent-users/${agent.username}/verify`, { code: answer.totp_code }))
            .status,
        ).toBe(200);
        return;
      }
      clock.advance(30);
    }
  });

  it("A5: differ on the two sides of a step's end, and last 1 to 30 seconds, never 0", async () => {
    const at = async (milliseconds: number) => {
      clock.set(new Date(Date.UTC(2026, 5, 1, 0, 0, 0) + milliseconds));
      const { totp_code, expires_in, period } = (await server.call(agent.slug, "code")).body;
      return { totp_code, expires_in, period };
    };
    const [start, last, next] = [await at(0), await at(29_999), await at(30_000)];
    expect(start).toEqual({ totp_code: last.totp_code, expires_in: 30, period: 30 });
    expect(last.expires_in).toBe(1);
    expect(next.expires_in).toBe(30);
    expect(next.totp_code).not.toBe(last.totp_code);
    for (let second = 0; second < 30; second++)
      expect((await at(second * 1_000 + 500)).expires_in).toBe(30 - second);
  });
});

describe("a restart", () => {
  it("C3, C8: forgets neither a used code nor a count of failures", async () => {
    const database = await openTestDatabase();
    onTestFinished(() => database.close());
    const settings = readSettings({
      TOTEM_PORT: "0",
      TOTEM_STUDIO: "off",
      TOTEM_ADMIN_KEY: "k".repeat(40),
      TOTEM_MASTER_KEY: random.bytes(32).toString("base64"),
    });
    const ownClock = fixedClock();
    /** One life of the server, on a database that outlives it. */
    const life = async <T>(
      live: (
        post: (path: string, sent: object) => Promise<{ status: number; body: Record<string, string> }>,
      ) => Promise<T>,
    ): Promise<T> => {
      const running = await startServer(settings, {
        database: { ...database, close: async () => {} },
        clock: ownClock,
        logger: createLogger("silent"),
      });
      try {
        return await live(async (path, sent) => {
          const response = await fetch(`${running.url}/api/v1${path}`, {
            method: "POST",
            headers: { "content-type": "application/json", authorization: `Bearer ${"k".repeat(40)}` },
            body: JSON.stringify(sent),
          });
          return { status: response.status, body: (await response.json()) as Record<string, string> };
        });
      } finally {
        await running.stop();
      }
    };
    const verify = "/agent-users/agent_restart_agent/verify";
    const used = await life(async (post) => {
      await post("/workflows", { name: "Restart", ...agentWorkflow() });
      await post("/workflows/restart/nodes/create/call", {});
      const sent = (await post("/workflows/restart/nodes/code/call", {})).body.totp_code ?? "";
      expect((await post(verify, { code: sent })).status).toBe(200);
      return sent;
    });
    await life(async (post) => {
      for (let attempt = 1; attempt <= 3; attempt++)
        expect((await post(verify, { code: used })).status).toBe(401);
    });
    await life(async (post) => {
      for (let attempt = 4; attempt <= 5; attempt++)
        expect((await post(verify, { code: used })).status).toBe(401);
      expect((await post(verify, { code: used })).status).toBe(429);
    });
  });
});
