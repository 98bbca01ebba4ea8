import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { node, toolEdge } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
let server: TestServer;
let owner: PersonSession;
let authenticator: string;
let agent: { key: string; username: string; slug: string };

beforeAll(async () => {
  server = await startTestServer({ clock });
  owner = await signInPerson(server);
  const { otpauth_uri } = (await owner.send("POST", "/auth/second-step")).body;
  const read = readOtpauthUri(otpauth_uri);
  authenticator = "secret" in read ? read.secret : "";
  await owner.send("POST", "/auth/second-step/confirm", { code: code() });
  const slug = await server.addWorkflow(
    {
      nodes: [
        node("agent", "agent"),
        node("create", "create_agent_user", { reveal: "value" }),
        node("store", "vault_store"),
      ],
      edges: [toolEdge("create"), toolEdge("store")],
    },
    "Stores",
  );
  const { body } = await server.call(slug, "create");
  agent = { key: body.api_key, username: body.username, slug };
});
afterAll(() => server.stop());

const code = () => independentCode(authenticator, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now());
const asAgent = (method: string, path: string, body?: unknown) => server.as(agent.key)(method, path, body);
const add = async (name: string, more: object = {}) =>
  (await server.api("POST", "/vault/entries", { name, one_time: { secret: seed }, ...more })).body;
const originsOf = async (id: string) => (await server.api("GET", `/vault/entries/${id}`)).body.origins;
const changes = async (id: string) =>
  (await server.api("GET", `/audit-events?subject=${id}&action=vault.origins_changed`)).body.audit_events;

describe("where a new entry belongs", () => {
  it("is what was said, in its normal form, in every answer", async () => {
    const entry = await add("said", {
      origins: ["HTTPS://GitHub.com/", "https://*.example.com"],
      data: { url: "https://other.example" },
    });
    const origins = ["https://github.com", "https://*.example.com"];
    expect(entry.origins).toEqual(origins);
    expect(await originsOf(entry.id)).toEqual(origins);
    const { entries } = (await server.api("GET", "/vault/entries?name=said")).body;
    expect(entries[0].origins).toEqual(origins);
  });

  it("is else what the addresses in its data say, else nowhere", async () => {
    expect((await add("by its data", { data: { url: "https://github.com/login" } })).origins).toEqual([
      "https://github.com",
    ]);
    expect((await add("by none")).origins).toEqual([]);
    expect(
      (await add("nowhere on purpose", { origins: [], data: { url: "https://github.com" } })).origins,
    ).toEqual([]);
    // A name that everybody knows is no address.
    expect(
      (
        await server.api("POST", "/vault/entries", {
          name: "GitHub",
          enrolment: `otpauth://totp/GitHub:ada?secret=${seed}&issuer=GitHub`,
        })
      ).body.origins,
    ).toEqual([]);
  });

  it("is refused before a public suffix on every way in", async () => {
    const origins = ["https://*.github.io"];
    const uri = `otpauth://totp/A:ada?secret=${seed}&issuer=A`;
    const { id } = await add("stays");
    const v0 = (method: string, path: string, body: object) =>
      server.send(method, path, body, { authorization: `Bearer ${agent.key}` });
    for (const answer of [
      await server.api("POST", "/vault/entries", { name: "no", one_time: { secret: seed }, origins }),
      await server.api("PATCH", `/vault/entries/${id}`, { origins }),
      await server.api("POST", "/vault/import", { text: uri, origins: [{ index: 0, origins }] }),
      await v0("PUT", "/v0/vault/no", { type: "LOGIN", data: {}, origins }),
      await v0("POST", "/v0/vault", { label: "no", otpauth: uri, origins }),
      await v0("POST", "/api/v2/totp/secrets", { uri, origins }),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).toContain("public suffix");
      expect(answer.text).not.toContain("github.io");
    }
    const called = await server.call(agent.slug, "store", { name: "no", origins });
    expect(called.body).toMatchObject({ success: false, code: "INPUT_INVALID" });
    expect(await originsOf(id)).toEqual([]);
  });
});

describe("a change of where an entry belongs", () => {
  it("needs a fresh proof of a person where it becomes wider, and none where it becomes narrower", async () => {
    const { id } = await add("proof", { origins: ["https://*.example.com"] });
    const change = (origins: string[], headers = {}) =>
      owner.send("PATCH", `/vault/entries/${id}`, { origins }, headers);
    clock.advance(11 * 60);
    for (const wider of [
      ["https://*.example.com", "https://evil.example"],
      ["https://example.com"],
      ["https://a.b.example.com"],
    ]) {
      expect((await change(wider)).body.code, wider.join()).toBe("FRESH_PROOF_NEEDED");
      expect(await originsOf(id)).toEqual(["https://*.example.com"]);
    }
    expect((await change(["https://login.example.com"])).status).toBe(200);
    expect((await change(["https://*.example.com"])).body.code).toBe("FRESH_PROOF_NEEDED");
    expect((await change(["https://*.example.com"], { "x-totem-code": code() })).status).toBe(200);
    expect(await originsOf(id)).toEqual(["https://*.example.com"]);
    expect(await changes(id)).toMatchObject([
      { reason: "added https://*.example.com; removed https://login.example.com", actor_kind: "person" },
      { reason: "added https://login.example.com; removed https://*.example.com" },
    ]);
  });

  it("takes the right to change the entry", async () => {
    const { id } = await add("rights", { origins: ["https://a.example"] });
    await server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "agent_user", name: agent.username },
      rights: ["codes", "data"],
      outside_canvas: true,
    });
    expect((await asAgent("PATCH", `/vault/entries/${id}`, { origins: [] })).status).toBe(403);
    expect(await originsOf(id)).toEqual(["https://a.example"]);
  });

  it("is made narrower by the agent that stored it, and never wider", async () => {
    const { body } = await server.call(agent.slug, "store", {
      name: "own",
      url: "https://site.example/sign-up",
      otpauth: seed,
    });
    expect(await originsOf(body.id)).toEqual(["https://site.example"]);
    const wider = await asAgent("PATCH", `/vault/entries/${body.id}`, { origins: ["https://evil.example"] });
    expect(wider.body).toMatchObject({ code: "FORBIDDEN" });
    expect(wider.body.title + wider.body.detail).toContain("owner");
    // What it stores in the entry's place keeps the seed, so it keeps the origins too.
    const put = (more: object) =>
      server.send(
        "PUT",
        "/v0/vault/own",
        { type: "LOGIN", data: { hasTotp: true, url: "https://evil.example" }, ...more },
        { authorization: `Bearer ${agent.key}` },
      );
    expect((await put({})).status).toBe(200);
    expect(await originsOf(body.id)).toEqual(["https://site.example"]);
    expect((await put({ origins: ["https://evil.example"] })).status).toBe(403);
    expect((await asAgent("PATCH", `/vault/entries/${body.id}`, { origins: [] })).status).toBe(200);
    expect(await originsOf(body.id)).toEqual([]);
  });

  it("comes with other secrets where everything in the entry is replaced", async () => {
    const put = (data: object) =>
      server.send(
        "PUT",
        "/v0/vault/again",
        { type: "API_KEY", data },
        { authorization: `Bearer ${agent.key}` },
      );
    const { credentialId } = (await put({ apiKey: "one", url: "https://a.example" })).body;
    expect((await put({ apiKey: "two", url: "https://b.example" })).body.origins).toEqual([
      "https://b.example",
    ]);
    expect((await put({ apiKey: "three" })).body.origins).toEqual(["https://b.example"]);
    expect(await changes(credentialId)).toHaveLength(1);
  });
});

describe("entries from before", () => {
  it("are found, and take the origins of the addresses in their own data, in parts", async () => {
    const names = Array.from({ length: 101 }, (_, index) => `old ${index}`);
    for (const name of names)
      await server.api("POST", "/vault/entries", {
        name,
        data: { password: "hidden", url: `https://${name.replace(" ", "")}.example` },
      });
    await add("without an address");
    await server.database.kysely.updateTable("vault_entry").set({ origins: [] }).execute();
    const nowhere = async () =>
      (await server.api("GET", "/vault/entries?belongs=nowhere&limit=200")).body.entries.map(
        (e: { name: string }) => e.name,
      );
    expect(await nowhere()).toContain("old 7");

    clock.advance(11 * 60);
    expect((await owner.send("POST", "/vault/take-origins")).body.code).toBe("FRESH_PROOF_NEEDED");
    expect((await asAgent("POST", "/vault/take-origins")).status).toBe(403);
    const first = await owner.send("POST", "/vault/take-origins", {}, { "x-totem-code": code() });
    const second = await owner.send("POST", "/vault/take-origins", { after: first.body.next });
    expect(second.body.next).toBe(null);
    const taken = [...first.body.entries, ...second.body.entries];
    expect(taken).toContainEqual(
      expect.objectContaining({ name: "old 7", origins: ["https://old7.example"] }),
    );
    expect(taken.filter(({ name }: { name: string }) => name.startsWith("old"))).toHaveLength(101);
    expect(first.text + second.text).not.toContain("hidden");
    expect(await nowhere()).not.toContain("old 7");
    expect(await nowhere()).toContain("without an address");
    const { id } = taken[0];
    expect(await changes(id)).toMatchObject([{ actor_kind: "person" }]);
  });
});

describe("an import", () => {
  it("shows where each entry belongs, stores that, and lets a person say otherwise", async () => {
    const item = (name: string, uris: string[]) => ({
      name,
      login: { username: "ada", password: "hidden", totp: seed, uris: uris.map((uri) => ({ uri })) },
    });
    const text = JSON.stringify({
      encrypted: false,
      items: [
        item("One", ["https://one.example/login", "androidapp://x"]),
        item("Two", []),
        item("Three", ["https://three.example"]),
      ],
    });
    const preview = (await server.api("POST", "/vault/import/preview", { text })).body;
    expect(preview.entries.map(({ origins }: { origins: string[] }) => origins)).toEqual([
      ["https://one.example"],
      [],
      ["https://three.example"],
    ]);
    const { entries } = (
      await server.api("POST", "/vault/import", {
        text,
        indexes: [0, 1],
        origins: [
          { index: 1, origins: ["https://two.example"] },
          { index: 2, origins: [] },
        ],
      })
    ).body;
    expect(entries.map(({ name, origins }: { name: string; origins: string[] }) => [name, origins])).toEqual([
      ["One:ada", ["https://one.example"]],
      ["Two:ada", ["https://two.example"]],
    ]);
  });
});
