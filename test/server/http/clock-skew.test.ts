import { afterEach, expect, it } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer | undefined;
afterEach(() => server?.stop());

const movedBy = (seconds: number) => ({
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + seconds * 1000),
});

it.each([
  [-90, true],
  [90, true],
  [6, true],
  [3, false],
  [0, false],
])(
  "A10: a clock %s s away from the database's shows in readiness and on every code: %s",
  async (seconds, shows) => {
    server = await startTestServer({ clock: movedBy(seconds) });
    const ready = await server.send("GET", "/readyz");
    expect(ready.status).toBe(200);
    expect(ready.body.status).toBe(shows ? "clock_skew" : "ok");
    await server.api("POST", "/vault/entries", { name: "any", one_time: {} });
    const authorization = { authorization: `Bearer ${server.adminKey}` };
    const { body } = await server.send("GET", "/v0/vault/any/totp", undefined, authorization);
    const told = [ready.body.clock_skew_seconds, body.clockSkewSeconds];
    if (!shows) expect(told).toEqual([undefined, undefined]);
    else for (const skew of told) expect(Math.abs(skew - seconds)).toBeLessThanOrEqual(1);
  },
);
