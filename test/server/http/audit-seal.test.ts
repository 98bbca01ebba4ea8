import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "totem-streams-"));
const file = join(folder, "audit.jsonl");
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ settings: { TOTEM_AUDIT_STREAMS: `file://${file}#archive` } });
  await server.api("POST", "/keys", { name: "one", scopes: ["codes:read"] });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const seal = async () => (await server.api("GET", "/audit-events/seal")).body;

it("says how far the log is sealed, by which key, and each row's place", async () => {
  await expect.poll(seal, { timeout: 20_000 }).toMatchObject({ unsealed_rows: 0, sealed_up_to: 2 });
  const state = await seal();
  expect(state).toMatchObject({
    sealed_up_to: expect.any(Number),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(state.public_key).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  const { audit_events } = (await server.api("GET", "/audit-events")).body;
  const places = audit_events.map(({ sequence }: { sequence: number }) => sequence).reverse();
  expect(places).toEqual(Array.from({ length: state.sealed_up_to }, (_, index) => index + 1));
});

it("verifies the log of the caller's workspace alone, and tells progress and outcome line by line", async () => {
  const lines = async (send: TestServer["api"]) =>
    (await send("POST", "/audit-events/verify")).text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const told = await lines(server.api);
  expect(told.at(-1)).toMatchObject({ event: "report", rows: 2, fault: null });
  expect(told.slice(0, -1).every(({ event }) => event === "progress")).toBe(true);
  const other = server.as((await server.api("POST", "/workspaces", { name: "elsewhere" })).body.key);
  expect((await lines(other)).at(-1)).toMatchObject({ event: "report", fault: null });
});

it("streams to the operator's file, and shows how far", async () => {
  const { sealed_up_to } = await seal();
  const list = async () => (await server.api("GET", "/audit-streams")).body.audit_streams[0];
  await expect
    .poll(async () => (await list()).sent_up_to, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(sealed_up_to);
  expect(await list()).toMatchObject({ kind: "file", name: "archive", problem: null });
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThanOrEqual(sealed_up_to);
  expect(lines.map((line) => JSON.parse(line).action)).toContain("service_key.created");
});
