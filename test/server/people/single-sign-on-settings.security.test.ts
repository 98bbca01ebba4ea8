import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson, signInAgain } from "../../support/add-person.ts";
import { type OidcStandIn, startOidcStandIn } from "../../support/oidc-stand-in.ts";
import { random } from "../../support/seeded-random.ts";
import { type SingleSignOnStory, startSingleSignOn } from "../../support/single-sign-on.ts";

const path = "/settings/single-sign-on";
let story: SingleSignOnStory;
let other: OidcStandIn;
let administrator: AddedPerson;

beforeAll(async () => {
  other = await startOidcStandIn(() => story.clock.now());
  // On port 1 no program listens.
  story = await startSingleSignOn({}, [other.issuer, "http://127.0.0.1:1"]);
  administrator = await addPerson(story.server, { roles: ["administrator"] });
});
afterAll(async () => {
  await story.stop();
  await other.stop();
});

const read = async () => (await story.owner.send("GET", path)).body;

describe("the settings of single sign-on", () => {
  it("say all but the secret, and the address to register at the provider", async () => {
    expect(await read()).toEqual({
      name: "Company",
      issuer: story.provider.issuer,
      client_id: "totem",
      has_client_secret: true,
      domains: ["example.com"],
      groups_claim: "groups",
      roles_of_groups: { makers: ["builder"], watchers: ["auditor"] },
      redirect_uri: `${story.server.studioUrl}/api/v1/people/auth/single-sign-on/callback`,
    });
  });

  it.each<[string, object, string]>([
    ["an address where no provider answers", { issuer: "http://127.0.0.1:1" }, "No OpenID Connect provider"],
    ["http of another machine", { issuer: "http://provider.example" }, "https://"],
    ["an address of a cloud's metadata", { issuer: "https://169.254.169.254" }, "https://"],
    ["an address with a question mark", { issuer: "https://a.example/?tenant=1" }, "without"],
    ["an address with a password", { issuer: "https://a:b@a.example" }, "without"],
    ["a word", { issuer: "provider" }, ""],
  ])("are not stored with %s, and say what is wrong", async (_what, change, problem) => {
    const { status, body, text } = await story.configure(change);
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe("issuer");
    expect(body.errors[0].problem).toContain(problem);
    expect(text).not.toContain("tenant");
    expect((await read()).issuer).toBe(story.provider.issuer);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["of another issuer", { issuer: "https://other.example" }, "names another issuer"],
    ["without a code flow", { response_types_supported: ["id_token"] }, "no authorization code flow"],
    ["without PKCE", { code_challenge_methods_supported: undefined }, "PKCE"],
    ["with PKCE in plain text only", { code_challenge_methods_supported: ["plain"] }, "PKCE"],
    ["without keys", { jwks_uri: undefined }, "names no addresses"],
    ["with shared secrets only", { id_token_signing_alg_values_supported: ["HS256", "none"] }, "key pair"],
  ])("are not stored for a document %s", async (_what, document, problem) => {
    other.announce(document);
    const { status, body } = await story.configure({ issuer: other.issuer });
    other.announce({});
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field: "issuer", problem: expect.stringContaining(problem) }]);
    expect((await read()).issuer).toBe(story.provider.issuer);
  });

  it("refuse what is no domain and no role, and name the field", async () => {
    for (const [change, field] of [
      [{ domains: ["*"] }, "domains.0"],
      [{ domains: ["@example.com"] }, "domains.0"],
      [{ roles_of_groups: { a: ["king"] } }, "roles_of_groups"],
    ] as const)
      expect((await story.configure(change)).body.errors[0].field).toBe(field);
  });
});

describe("odd input", () => {
  it.each<[string, object]>([
    ["a zero byte in a group", { roles_of_groups: { "a\u0000": ["builder"] } }],
    ["half a character in a group", { roles_of_groups: { "a\ud800": ["builder"] } }],
    ["a zero byte in the name", { name: "a\u0000" }],
    ["a zero byte in the client id", { client_id: "a\u0000" }],
    ["a name server's length of an issuer", { issuer: `https://${"a.".repeat(500)}example` }],
  ])("such as %s is refused or stored, and never an error of ours", async (_what, change) => {
    const { status } = await story.configure(change);
    expect([200, 400]).toContain(status);
    await story.configure();
  });
});

describe("the client's secret", () => {
  const hasSecret = async () => (await read()).has_client_secret;
  const secretOf = (provider: OidcStandIn) =>
    provider.requests.filter((line) => line.includes("/token")).at(-1) ?? "";
  const basic = `Basic ${Buffer.from("totem:secret+of+the+client").toString("base64")}`;

  it("stays when it is absent, and goes when it is empty", async () => {
    await story.configure({ client_secret: undefined, name: "Renamed" });
    expect(await hasSecret()).toBe(true);
    await story.signIn();
    expect(secretOf(story.provider)).toContain(basic);
    await story.configure({ client_secret: "" });
    expect(await hasSecret()).toBe(false);
    await story.configure();
  });

  it("is dropped with its issuer, so that no other server gets it", async () => {
    await story.configure({ issuer: other.issuer, client_secret: undefined });
    expect(await hasSecret()).toBe(false);
    await story.configure();
    // Also when the row is changed past the API: the secret opens for its own issuer only.
    await story.db.updateTable("single_sign_on").set({ issuer: other.issuer }).execute();
    const started = await story.start(story.newProof());
    expect(started.body.code).toBe("SEALED_VALUE_UNREADABLE");
    expect(other.requests.join()).not.toContain("secret");
    await story.configure();
  });
});

describe("who may change single sign-on", () => {
  it("needs a fresh proof", async () => {
    await administrator.forgetProof();
    expect((await story.configure({}, administrator)).body.code).toBe("FRESH_PROOF_NEEDED");
    const removed = await administrator.send("DELETE", path);
    expect(removed.body.code).toBe("FRESH_PROOF_NEEDED");
    const code = { "x-totem-code": administrator.code() };
    const stored = await administrator.send("PUT", path, story.settings, code);
    expect(stored.status).toBe(200);
  });

  it("is no builder, operator or auditor, and no key for settings only: the provider decides who is who", async () => {
    for (const role of ["builder", "operator", "auditor"] as const) {
      const person = await addPerson(story.server, { roles: [role] });
      expect((await story.configure({}, person)).status).toBe(403);
      expect((await person.send("GET", path)).status).toBe(403);
    }
    const { body: key } = await story.server.api("POST", "/keys", {
      name: "settings",
      scopes: ["settings:manage"],
    });
    const withKey = story.server.as(key.key);
    expect((await withKey("GET", path)).status).toBe(200);
    expect((await withKey("PUT", path, story.settings)).status).toBe(403);
    expect((await withKey("DELETE", path)).status).toBe(403);
  });

  it("lets only an owner map a group to owner, and change anything while one is mapped", async () => {
    const owners = { roles_of_groups: { bosses: ["owner"] } };
    expect((await story.configure(owners, administrator)).status).toBe(403);
    expect((await story.configure(owners)).status).toBe(200);
    // With that mapping, who names the provider names the owners.
    expect((await story.configure({ issuer: other.issuer }, administrator)).status).toBe(403);
    expect((await story.configure(owners, administrator)).status).toBe(403);
    expect((await read()).issuer).toBe(story.provider.issuer);
    await story.configure();
  });

  it("writes each change to the audit log, with the person", async () => {
    await story.configure({}, administrator);
    const row = await story.db
      .selectFrom("audit_event")
      .select(["actor_id", "actor_role"])
      .where("action", "=", "single_sign_on.changed")
      .orderBy("id", "desc")
      .executeTakeFirst();
    expect(row).toEqual({ actor_id: administrator.id, actor_role: "administrator" });
  });
});

describe("a provider in trouble", () => {
  it.each<[string, string, (response: import("node:http").ServerResponse) => void]>([
    ["is down at its keys", "/keys", (response) => void response.destroy()],
    ["is down at its tokens", "/token", (response) => void response.destroy()],
    [
      "answers a page",
      "/token",
      (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>"),
    ],
    ["answers without end", "/token", (response) => void response.end("x".repeat(300_000))],
    ["fails", "/keys", (response) => void response.writeHead(500).end()],
  ])("that %s is a sentence, and nothing is lost", async (_what, at, answer) => {
    story.provider.answerAt(at, answer);
    const { answer: refused } = await story.signIn();
    story.provider.answerAt(at, undefined);
    expect(refused.body.code).toBe("SINGLE_SIGN_ON_UNREACHABLE");
    expect(refused.body.title).toContain("does not answer");
    expect((await story.signIn()).answer.status).toBe(204);
  });

  it("leads to no other server: a redirect is no answer, and a private address of a document is not called", async () => {
    const before = other.requests.length;
    story.provider.answerAt("/token", (response) =>
      response.writeHead(307, { location: `${other.issuer}/token` }).end(),
    );
    expect((await story.signIn()).answer.status).not.toBe(204);
    story.provider.answerAt("/token", undefined);
    for (const document of [
      { token_endpoint: `${other.issuer}/token` },
      { jwks_uri: `${other.issuer}/keys` },
      { jwks_uri: "https://169.254.169.254/keys" },
      { jwks_uri: "https://[fd00::1]/keys" },
      { token_endpoint: "http://provider.example/token" },
    ]) {
      story.provider.announce(document);
      const { answer } = await story.signIn();
      expect(answer.body.code).toBe("SINGLE_SIGN_ON_UNREACHABLE");
      expect(answer.body.title).toContain("does not call");
    }
    story.provider.announce({});
    expect(other.requests.length).toBe(before);
  });

  it("leaves the other ways in open", async () => {
    story.provider.answerAt("/.well-known/openid-configuration", (response) => void response.destroy());
    expect((await story.start(story.newProof())).body.code).toBe("SINGLE_SIGN_ON_UNREACHABLE");
    const again = await signInAgain(story.server, administrator);
    expect((await again.send("GET", "/whoami")).status).toBe(200);
    story.provider.answerAt("/.well-known/openid-configuration", undefined);
  });
});

describe("single sign-on of a workspace", () => {
  it("begins only at the address that the provider leads back to", async () => {
    const behind = await startSingleSignOn({ TOTEM_PUBLIC_URL: "https://totem.example" });
    const refused = await behind.start(behind.newProof(), { origin: behind.server.url });
    expect(refused.body.title).toBe("Single sign-on works at https://totem.example. Open Totem there.");
    const { body } = await behind.start(behind.newProof(), { origin: "https://totem.example" });
    expect(new URL(body.url).searchParams.get("redirect_uri")).toContain("https://totem.example/api/v1/");
    await behind.stop();
  });

  it("is not there for another workspace, nor after it was removed", async () => {
    const id = random.uuid();
    const none = await story.server.send(
      "POST",
      "/api/v1/people/auth/single-sign-on",
      { workspace_id: id },
      { "x-totem-proof": story.newProof() },
    );
    expect(none.body.code).toBe("SINGLE_SIGN_ON_MISSING");
    const proof = story.newProof();
    const { url } = (await story.start(proof)).body;
    expect((await story.owner.send("DELETE", path)).status).toBe(204);
    expect((await story.finish(proof, story.provider.agree(url))).status).toBe(403);
    expect((await story.owner.send("GET", path)).body.code).toBe("SINGLE_SIGN_ON_MISSING");
    expect((await story.server.send("GET", "/api/v1/people/ways")).body.single_sign_on).toEqual([]);
  });
});
