import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { deliver } from "../../support/deliver.ts";
import { hostClient } from "../../support/host-calls.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe("D1: a key of a builder that is revoked while a tool waits", () => {
  it("is not handed the code that comes after", async () => {
    const made = await server.api("POST", "/keys", { name: "builder", scopes: ["hosts:call"] });
    const call = hostClient(server, made.body.key);
    const { username } = (await call("create_agent_user")).body;
    const waiting = call("wait_for_code", {}, {}, { config: { timeout_seconds: 15 } });
    const waits = () => server.database.kysely.selectFrom("code_wait").select("state").execute();
    await vi.waitFor(async () => expect(await waits()).toEqual([{ state: "waiting" }]), 10_000);
    expect((await server.api("DELETE", `/keys/${made.body.id}`)).status).toBe(204);
    await deliver(server, username, "Your code is 482913");
    const { body, text } = await waiting;
    expect(body.code).toBe("UNAUTHENTICATED");
    expect(withoutRandom(text)).not.toContain("482913");
  });
});
