import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KeyPair } from "../../../plugin/hosts/sign-request.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { enrolConfirmed, findKeyPair, newKeyPair, signedClient } from "../../support/signed-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

const place = (host_instance: string) => ({ host: "flowise", host_instance });
const call = (instance: string) => ({
  path: "/host-calls",
  body: {
    ...place(instance),
    workflow_id: "wf1",
    workflow_name: "Flow",
    agent_node_id: "a1",
    tool: "create_agent_user",
  },
});
const as = (key: string, pair: KeyPair) => signedClient(server, { key, pair, clock });
const enrol = (key: string, pair: KeyPair, instance: string, public_key = pair.publicKey) =>
  as(key, pair)({ path: "/host-key-pairs", body: { ...place(instance), public_key } });
const confirm = (id: string, fingerprint: string) =>
  server.api("POST", `/host-key-pairs/${id}/confirm`, { fingerprint });
const installation = async (instance: string) =>
  (await server.api("GET", "/host-installations")).body.installations.find(
    ({ host_instance }: { host_instance: string }) => host_instance === instance,
  );

describe("H10: the key pair of a machine", () => {
  it("H10: waits for a person, who confirms the fingerprint that the host shows, and old keys work until then", async () => {
    const key = await hostKey(server, "old", place("upgraded"));
    const pair = newKeyPair();
    expect((await hostClient(server, key, "upgraded")("create_agent_user", { host: "flowise" })).status).toBe(
      200,
    );
    expect((await installation("upgraded")).requires_signature).toBe(false);
    const answer = (await enrol(key, pair, "upgraded")).body;
    expect(answer).toEqual({ state: "pending", fingerprint: pair.fingerprint });
    expect(pair.fingerprint).toMatch(/^([0-9A-F]{4} ){7}[0-9A-F]{4}$/);
    expect((await server.as(key)("POST", "/host-calls", call("upgraded").body)).status).toBe(200);
    const { id } = await findKeyPair(server, pair.fingerprint);
    const wrong = await confirm(id, newKeyPair().fingerprint);
    expect(wrong.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "fingerprint" }] });
    expect((await confirm(id, pair.fingerprint)).status).toBe(204);
    expect(await installation("upgraded")).toMatchObject({
      requires_signature: true,
      keys: ["old"],
      key_pairs: [{ state: "confirmed", confirmed_by: "totem_admin" }],
    });
    expect((await server.as(key)("POST", "/host-calls", call("upgraded").body)).status).toBe(401);
    expect((await as(key, pair)(call("upgraded"))).body.already_existed).toBe(true);
    expect((await enrol(key, pair, "upgraded")).body.state).toBe("confirmed");
    const { audit_events } = (await server.api("GET", "/audit-events?limit=20")).body;
    const told = audit_events.filter(({ subject }: { subject: string }) => subject === pair.fingerprint);
    expect(told.map(({ action }: { action: string }) => action)).toEqual([
      "host_key_pair.confirmed",
      "host_key_pair.enrolled",
    ]);
  });

  it("H10: of a new key that must sign, opens nothing before a person has confirmed it", async () => {
    const { body } = await server.api("POST", "/keys", {
      name: "strict",
      scopes: ["hosts:call"],
      signed: true,
    });
    const pair = newKeyPair();
    expect(body).toMatchObject({ signed: true, host: null });
    expect((await server.as(body.key)("POST", "/host-calls", call("new").body)).status).toBe(401);
    expect((await as(body.key, pair)(call("new"))).status).toBe(401);
    await enrol(body.key, pair, "new");
    expect((await as(body.key, pair)(call("new"))).body.code).toBe("SIGNATURE_REFUSED");
    await confirm((await findKeyPair(server, pair.fingerprint)).id, pair.fingerprint);
    expect((await as(body.key, pair)(call("new"))).status).toBe(200);
  });

  it("H10: that a thief enrols with a copied key, opens nothing and is seen", async () => {
    const key = await hostKey(server, "copied", place("watched"));
    const own = newKeyPair();
    await enrolConfirmed(server, { key, pair: own, clock }, place("watched"));
    const thief = newKeyPair();
    expect((await enrol(key, thief, "watched")).body.state).toBe("pending");
    expect((await as(key, thief)(call("watched"))).status).toBe(401);
    expect((await as(key, own)(call("watched"))).status).toBe(200);
    expect((await installation("watched")).key_pairs.map(({ state }: { state: string }) => state)).toEqual([
      "confirmed",
      "pending",
    ]);
    // A public key is no proof: it is enrolled by the one who has its private half.
    const other = newKeyPair();
    expect((await enrol(key, thief, "watched", other.publicKey)).body.code).toBe("SIGNATURE_REFUSED");
    const unsigned = { ...place("watched"), public_key: other.publicKey };
    expect((await server.as(key)("POST", "/host-key-pairs", unsigned)).status).toBe(401);
    expect(await findKeyPair(server, other.fingerprint)).toBeUndefined();
  });

  it("H10: that was lost is removed by a person, and the next one waits for a person again", async () => {
    const key = await hostKey(server, "forgetful", place("moved"));
    const lost = newKeyPair();
    const { id } = await enrolConfirmed(server, { key, pair: lost, clock }, place("moved"));
    const agent = (await as(key, lost)(call("moved"))).body;
    const found = newKeyPair();
    expect((await as(key, found)(call("moved"))).status).toBe(401);
    expect((await server.api("DELETE", `/host-key-pairs/${id}`)).status).toBe(204);
    expect((await as(key, lost)(call("moved"))).status).toBe(401);
    expect((await server.as(key)("POST", "/host-calls", call("moved").body)).status).toBe(401);
    expect((await enrol(key, found, "moved")).body.state).toBe("pending");
    expect((await as(key, found)(call("moved"))).status).toBe(401);
    await confirm((await findKeyPair(server, found.fingerprint)).id, found.fingerprint);
    expect((await as(key, found)(call("moved"))).body).toMatchObject({ username: agent.username });
  });

  it("H10: is one of several where an installation has several machines, and at most ten", async () => {
    const key = await hostKey(server, "cluster", place("cluster"));
    const machines = Array.from({ length: 10 }, () => newKeyPair());
    const ids: string[] = [];
    for (const pair of machines)
      ids.push((await enrolConfirmed(server, { key, pair, clock }, place("cluster"))).id);
    for (const pair of machines.slice(8)) expect((await as(key, pair)(call("cluster"))).status).toBe(200);
    const next = newKeyPair();
    expect((await enrol(key, next, "cluster")).body.state).toBe("pending");
    const { id, fingerprint } = await findKeyPair(server, next.fingerprint);
    const full = await confirm(id, fingerprint);
    expect(full.body).toMatchObject({ status: 409, code: "TOO_MANY_KEY_PAIRS" });
    await server.api("DELETE", `/host-key-pairs/${ids[0]}`);
    expect((await confirm(id, fingerprint)).status).toBe(204);
  });

  it("H10: that waits has one of three places, and what waits too long is removed by the next one", async () => {
    const key = await hostKey(server, "waits", place("waits"));
    for (let count = 0; count < 3; count++)
      expect((await enrol(key, newKeyPair(), "waits")).body.state).toBe("pending");
    const refused = await enrol(key, newKeyPair(), "waits");
    expect(refused.body).toMatchObject({ status: 409, code: "TOO_MANY_KEY_PAIRS" });
    expect(refused.body.title).toMatch(/rotate the key, which removes all that wait/);
    clock.advance(8 * 86_400);
    const own = newKeyPair();
    await enrolConfirmed(server, { key, pair: own, clock }, place("waits"));
    expect((await installation("waits")).key_pairs).toHaveLength(1);
    // Where a machine works, strange ones hold the places for an hour.
    for (let count = 0; count < 3; count++) await enrol(key, newKeyPair(), "waits");
    expect((await enrol(key, newKeyPair(), "waits")).status).toBe(409);
    clock.advance(3601);
    expect((await enrol(key, newKeyPair(), "waits")).body.state).toBe("pending");
    expect((await installation("waits")).key_pairs).toHaveLength(2);
  });

  it("H10: is enrolled again after a thief has filled the places: the key is rotated or revoked, and they are free", async () => {
    const made = await server.api("POST", "/keys", {
      name: "stolen",
      scopes: ["hosts:call"],
      ...place("flooded"),
    });
    const own = newKeyPair();
    await enrolConfirmed(server, { key: made.body.key, pair: own, clock }, place("flooded"));
    const flood = async (key: string) => {
      for (let count = 0; count < 4; count++) await enrol(key, newKeyPair(), "flooded");
    };
    await flood(made.body.key);
    const states = async () =>
      (await installation("flooded")).key_pairs.map(({ state }: { state: string }) => state);
    expect(await states()).toEqual(["confirmed", "pending", "pending", "pending"]);
    const rotated = await server.api("POST", `/keys/${made.body.id}/rotate`, { overlap: 0 });
    expect(await states()).toEqual(["confirmed"]);
    await flood(made.body.key);
    const moved = newKeyPair();
    await enrolConfirmed(server, { key: rotated.body.key, pair: moved, clock }, place("flooded"));
    expect((await as(rotated.body.key, moved)(call("flooded"))).status).toBe(200);
    await flood(rotated.body.key);
    const further = await hostKey(server, "further", place("flooded"));
    await server.api("DELETE", `/keys/${made.body.id}`);
    expect(await states()).toEqual(["confirmed", "confirmed"]);
    expect((await enrol(further, newKeyPair(), "flooded")).body.state).toBe("pending");
    const { audit_events } = (await server.api("GET", "/audit-events?limit=40")).body;
    const removed = audit_events.filter(
      ({ action }: { action: string }) => action === "host_key_pair.removed",
    );
    expect(removed.length).toBeGreaterThanOrEqual(6);
  });

  it("H10: is enrolled only by a key that speaks for the installation", async () => {
    await hostClient(
      server,
      await hostKey(server, "holder", place("held")),
      "held",
    )("create_agent_user", {
      host: "flowise",
    });
    const stranger = await hostKey(server, "stranger");
    expect((await enrol(stranger, newKeyPair(), "held")).body).toMatchObject({
      status: 403,
      code: "FORBIDDEN",
    });
    expect((await installation("held")).key_pairs).toEqual([]);
  });

  it("H10: counts also where an address holds the token of the host's key", async () => {
    const key = await hostKey(server, "with an address", place("addressed"));
    const { token } = (await server.api("POST", "/mcp-tokens", { service_key: "with an address" })).body;
    const ping = () =>
      server.send(
        "POST",
        `/mcp/${token}`,
        { jsonrpc: "2.0", id: 1, method: "tools/list" },
        {
          accept: "application/json, text/event-stream",
        },
      );
    expect((await ping()).status).toBe(200);
    await enrolConfirmed(server, { key, pair: newKeyPair(), clock }, place("addressed"));
    expect((await ping()).status).toBe(401);
  });

  it("H10: is of one workspace: another neither sees nor removes it", async () => {
    const key = await hostKey(server, "in a", place("shared"));
    const { id, fingerprint } = await enrolConfirmed(
      server,
      { key, pair: newKeyPair(), clock },
      place("shared"),
    );
    const b = server.as((await server.api("POST", "/workspaces", { name: "pairs of b" })).body.key);
    expect((await b("GET", "/host-installations")).body.installations).toEqual([]);
    expect((await b("DELETE", `/host-key-pairs/${id}`)).body.code).toBe("KEY_PAIR_NOT_FOUND");
    expect((await b("POST", `/host-key-pairs/${id}/confirm`, { fingerprint })).status).toBe(404);
    const of = (await installation("shared")).id;
    expect((await b("DELETE", `/host-installations/${of}`)).body.code).toBe("INSTALLATION_NOT_FOUND");
    expect((await b("PATCH", `/host-installations/${of}`, { requires_signature: false })).status).toBe(404);
  });
});

describe("H10: an installation", () => {
  it("H10: is given up by a person, not while a key speaks for it; then the next key gets it", async () => {
    const key = await hostKey(server, "leaver", place("given-up"));
    await enrolConfirmed(server, { key, pair: newKeyPair(), clock }, place("given-up"));
    const { id } = await installation("given-up");
    expect((await server.api("DELETE", `/host-installations/${id}`)).body.code).toBe("INSTALLATION_IN_USE");
    const { keys } = (await server.api("GET", "/keys")).body;
    const leaver = keys.find(({ name }: { name: string }) => name === "leaver");
    await server.api("DELETE", `/keys/${leaver.id}`);
    const next = hostClient(server, await hostKey(server, "next one"), "given-up");
    expect((await next("create_agent_user", { host: "flowise" })).status).toBe(403);
    expect((await server.api("DELETE", `/host-installations/${id}`)).status).toBe(204);
    expect(await installation("given-up")).toBeUndefined();
    expect((await next("create_agent_user", { host: "flowise" })).status).toBe(200);
    expect((await installation("given-up")).key_pairs).toEqual([]);
  });

  it("H10: is called unsigned again only when a person says so", async () => {
    const made = { name: "back", scopes: ["hosts:call"], signed: true, ...place("back") };
    const { key } = (await server.api("POST", "/keys", made)).body;
    await enrolConfirmed(server, { key, pair: newKeyPair(), clock }, place("back"));
    const { id } = await installation("back");
    expect((await server.as(key)("POST", "/host-calls", call("back").body)).status).toBe(401);
    const path = `/host-installations/${id}`;
    expect((await server.as(key)("PATCH", path, { requires_signature: false })).status).toBe(403);
    expect((await server.api("PATCH", path, { requires_signature: false })).status).toBe(204);
    expect((await server.as(key)("POST", "/host-calls", call("back").body)).status).toBe(200);
    expect((await server.api("PATCH", path, { requires_signature: true })).status).toBe(204);
    expect((await server.as(key)("POST", "/host-calls", call("back").body)).status).toBe(401);
  });
});
