import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { deliver } from "../../support/deliver.ts";
import { hostClient } from "../../support/host-calls.ts";
import { enrolConfirmed, newKeyPair, signedClient } from "../../support/signed-client.ts";
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

describe("H10: a key pair of a machine", () => {
  const place = { host: "n8n", host_instance: "machine" };
  const call = { ...place, workflow_id: "wf1", workflow_name: "Flow", agent_node_id: "a1" };
  const wait = { ...call, tool: "wait_for_code", config: { timeout_seconds: 15, reveal: "value" } };
  const waits = async (count: number) =>
    expect(
      await server.database.kysely
        .selectFrom("code_wait")
        .select("state")
        .where("state", "=", "waiting")
        .execute(),
    ).toHaveLength(count);

  it("H10: that is removed, or confirmed, while a tool waits, ends what waits without it", async () => {
    const { key } = (await server.api("POST", "/keys", { name: "m", scopes: ["hosts:call"], ...place })).body;
    const { username } = (await server.as(key)("POST", "/host-calls", { ...call, tool: "create_agent_user" }))
      .body;
    const unsigned = server.as(key)("POST", "/host-calls", wait);
    await vi.waitFor(() => waits(1), 10_000);
    const machine = { key, pair: newKeyPair(), clock: systemClock };
    const { id } = await enrolConfirmed(server, machine, place);
    await deliver(server, username, "Your code is 482913");
    expect((await unsigned).body.code).toBe("UNAUTHENTICATED");
    const signed = signedClient(server, machine)({ path: "/host-calls", body: wait });
    await vi.waitFor(() => waits(1), 10_000);
    expect((await server.api("DELETE", `/host-key-pairs/${id}`)).status).toBe(204);
    await deliver(server, username, "Your code is 591377");
    const { body, text } = await signed;
    expect(body.code).toBe("UNAUTHENTICATED");
    expect(withoutRandom(text)).not.toContain("591377");
  });
});
