import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../support/fixed-clock.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { random } from "../../support/seeded-random.ts";
import { newKeyPair, signedClient } from "../../support/signed-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

const create = "create_agent_user";
const place = (host_instance: string) => ({ host: "n8n", host_instance });
const idOf = async (name: string): Promise<string> =>
  (await server.api("GET", "/keys")).body.keys.find((key: { name: string }) => key.name === name).id;

describe("H10: an installation that a key has claimed", () => {
  it("H10: gives a fresh key that names it neither the API key nor a code, and says what to do", async () => {
    const owner = hostClient(server, await hostKey(server, "owner"), "main");
    const { api_key } = (await owner(create)).body;
    const thief = hostClient(server, await hostKey(server, "fresh key"), "main");
    for (const tool of [create, "get_totp_code", "whoami", "vault_totp"]) {
      const { status, body, text } = await thief(tool);
      expect({ status, code: body.code }).toEqual({ status: 403, code: "FORBIDDEN" });
      expect(body.title).toMatch(/Make another key for it in Totem, under Hosts/);
      expect(text).not.toContain(api_key);
      expect(text).not.toContain("totp_code");
    }
    const refused = (await server.api("GET", "/audit-events?limit=10")).body.audit_events.filter(
      ({ actor, result }: { actor: string; result: string }) => actor === "fresh key" && result === "refused",
    );
    expect(refused).toHaveLength(4);
    // The key is not spent: it may speak for an installation of its own.
    expect((await thief(create, { instance: "mine" })).status).toBe(200);
    expect((await owner("get_totp_code")).body.success).toBe(true);
  });

  it("H10: is spoken for by a further key that names it when it is made", async () => {
    const one = hostClient(server, await hostKey(server, "one of two"), "two-keys");
    const made = (await one(create)).body;
    const other = hostClient(server, await hostKey(server, "two of two", place("two-keys")), "two-keys");
    expect((await other(create)).body).toMatchObject({ username: made.username, already_existed: true });
    expect((await other(create, { instance: "elsewhere" })).status).toBe(403);
  });

  it("H10: stays claimed while it has identities, also when its key was revoked", async () => {
    await hostClient(server, await hostKey(server, "first owner"), "left-behind")(create);
    await server.api("DELETE", `/keys/${await idOf("first owner")}`);
    const late = hostClient(server, await hostKey(server, "late comer"), "left-behind");
    expect((await late(create)).status).toBe(403);
    const named = await hostKey(server, "its heir", place("left-behind"));
    expect((await hostClient(server, named, "left-behind")("get_totp_code")).body.success).toBe(true);
  });

  it("H10: stays claimed while its key lives, also before there is an identity", async () => {
    const { key } = (
      await server.api("POST", "/keys", { name: "short", scopes: ["hosts:call"], expires_in: 3600 })
    ).body;
    expect((await hostClient(server, key, "empty")("get_totp_code")).body.code).toBe("AGENT_USER_NOT_FOUND");
    const next = hostClient(server, await hostKey(server, "next"), "empty");
    expect((await next(create)).status).toBe(403);
    clock.advance(3601);
    expect((await next(create)).status).toBe(200);
  });

  it("H10: named when its key was made, is claimed before its first call", async () => {
    await hostKey(server, "early", place("reserved"));
    const first = hostClient(server, await hostKey(server, "not so early"), "reserved");
    expect((await first(create)).status).toBe(403);
  });

  it("H10: is claimed by one of many keys that come at the same moment", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `rival ${index}`);
    const keys = await Promise.all(names.map((name) => hostKey(server, name)));
    for (const instance of ["contested", `contested-${random.uuid()}`]) {
      const answers = await Promise.all(keys.map((key) => hostClient(server, key, instance)(create)));
      const won = answers.filter(({ status }) => status === 200);
      // The winner of the first race is bound, and loses the second.
      expect(won).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 403)).toHaveLength(7);
    }
  });

  it("H10: of the studio itself, is claimed by no key, made for it or not, and by no key pair", async () => {
    const studio = { host: "totem", host_instance: "studio" };
    const named = { name: "as the studio", scopes: ["hosts:call"], ...studio };
    expect((await server.api("POST", "/keys", named)).body.errors).toMatchObject([{ field: "host" }]);
    const thief = await hostKey(server, "no studio");
    const called = await hostClient(server, thief, "studio")(create, { host: "totem" });
    expect(called.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "host" }] });
    const pair = newKeyPair();
    const enrolled = await signedClient(server, { key: thief, pair, clock })({
      path: "/host-key-pairs",
      body: { ...studio, public_key: pair.publicKey },
    });
    expect(enrolled.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "host" }] });
  });

  it("H10: of another workspace, may be claimed here too, and nothing of it is reached", async () => {
    const b = server.as((await server.api("POST", "/workspaces", { name: "claims of b" })).body.key);
    const keyOfB = (await b("POST", "/keys", { name: "n8n", scopes: ["hosts:call"] })).body.key;
    const inA = await hostClient(server, await hostKey(server, "both"), "both")(create);
    const inB = await hostClient(server, keyOfB, "both")(create);
    expect(inB.status).toBe(200);
    expect(inB.body.api_key).not.toBe(inA.body.api_key);
  });
});
