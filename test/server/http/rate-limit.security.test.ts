import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const limit = 30;
let server: TestServer;
let session: string;
let platformSlug: string;
beforeAll(async () => {
  server = await startTestServer({ settings: { TOTEM_RATE_LIMIT: String(limit) } });
  platformSlug = await server.addWorkflow(agentWorkflow(), "Limited");
  const { api_key } = (await server.call(platformSlug, "create")).body;
  const { totp_code: code } = (await server.call(platformSlug, "code")).body;
  session = (await server.send("POST", "/api/v1/auth/session", { api_key, code })).body.token;
});
afterAll(() => server.stop());

const statuses = async (
  times: number,
  ask: (time: number) => Promise<{ status: number }>,
): Promise<number[]> => {
  const all: number[] = [];
  for (let time = 0; time < times; time++) all.push((await ask(time)).status);
  return all;
};
const newKey = async (name: string): Promise<string> =>
  (await server.api("POST", "/keys", { name, scopes: ["codes:read"] })).body.key;

describe("G11: how often a caller may ask", () => {
  it("is said in the headers, counted per key, and past it the answer says when to come back", async () => {
    const [one, two] = [await newKey("one"), await newKey("two")];
    const first = await server.as(one)("GET", "/whoami");
    expect(first.headers.get("x-ratelimit-limit")).toBe(String(limit));
    expect(first.headers.get("x-ratelimit-remaining")).toBe(String(limit - 1));
    const rest = await statuses(limit - 1, () => server.as(one)("GET", "/whoami"));
    expect(new Set(rest)).toEqual(new Set([200]));

    const refused = await server.as(one)("GET", "/whoami");
    expect(refused.body).toMatchObject({ status: 429, code: "RATE_LIMITED", retryable: true });
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait >= 1 && wait <= 60).toBe(true);
    expect(refused.headers.get("cache-control")).toBe("no-store");
    expect((await server.as(two)("GET", "/whoami")).status).toBe(200);
  });

  it("counts guessed keys, though each is another one", async () => {
    const guesses = await statuses(limit + 5, () =>
      server.as(`totem_key_${random.bytes(32).toString("base64url")}`)("GET", "/whoami"),
    );
    expect(guesses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(5);
    expect(guesses.filter((status) => status === 401).length).toBeLessThanOrEqual(limit);
  });

  it("counts sign-ins and logins by address, whatever key comes along with them", async () => {
    // Signing in has a limit of its own, whatever the setting says: 60 a minute.
    const attempts = await statuses(61, () =>
      server.send(
        "POST",
        "/api/v1/auth/sign-in",
        { key: random.bytes(32).toString("base64url") },
        {
          authorization: `Bearer ${random.bytes(16).toString("hex")}`,
        },
      ),
    );
    expect(attempts.at(-1)).toBe(429);
    const logins = await statuses(limit + 5, () =>
      server.send(
        "POST",
        "/api/v1/auth/session",
        { api_key: "x", code: "123456" },
        {
          authorization: `Bearer ${random.bytes(16).toString("hex")}`,
        },
      ),
    );
    expect(logins.at(-1)).toBe(429);
  });

  it("counts all sessions of an agent together, also those of platform_api", async () => {
    const call = () =>
      server.as(session)("POST", `/workflows/${platformSlug}/nodes/platform/call`, {
        arguments: { path: "/api/v1/whoami" },
      });
    // Each call is two requests of the same agent: the call, and what it asks for.
    const inner: number[] = [];
    for (let time = 0; time < limit / 2 + 2; time++) {
      const { status, body } = await call();
      inner.push(status === 200 ? body.status : status);
    }
    expect(inner.filter((status) => status === 200)).toHaveLength(limit / 2);
    expect(inner.at(-1)).toBe(429);
  });
});
