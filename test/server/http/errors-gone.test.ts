import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it("G4: a client that leaves while it waits for a code is no error in the log", async () => {
  const sent = { totp_identifier: "left@example.com", content: "Welcome to Example." };
  await server.send("POST", "/v1/credentials/totp", sent, { "x-api-key": server.adminKey });
  const leave = new AbortController();
  const answer = fetch(`${server.url}/api/v1/inbox/wait`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ address: "left@example.com", timeout_seconds: 30 }),
    signal: leave.signal,
  });
  const states = async () =>
    (await server.api("GET", "/inbox/waits")).body.waits.map(({ state }: { state: string }) => state);
  await vi.waitFor(async () => expect(await states()).toEqual(["waiting"]), 30_000);
  leave.abort();
  await expect(answer).rejects.toThrow();
  await vi.waitFor(async () => expect(await states()).toEqual(["cancelled"]), 30_000);
  await vi.waitFor(() => expect(server.log.join("")).toContain("client left"), 30_000);
  const lines = server.log.map((line) => JSON.parse(line));
  expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
  expect(server.log.join("")).not.toMatch(/AbortError|"stack"/);
});
