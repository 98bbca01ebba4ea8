import { exportJWK, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { exchangeGrant, tokenTypes } from "../../../plugin/api/workload.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { signInPerson } from "../../support/person-session.ts";
import { startOidcProvider } from "../../support/start-oidc-provider.ts";
import { startTestServer } from "../../support/start-test-server.ts";
import { startWorkload, type WorkloadStory } from "../../support/start-workload.ts";
import { newKey, startIssuer } from "../../support/workload-issuer.ts";

let story: WorkloadStory;
beforeAll(async () => {
  story = await startWorkload();
});
afterAll(() => story.stop());

const whyNot = async (token: string) => {
  expect((await story.exchange(token)).status).toBe(400);
  return (await story.lastLogged()).reason;
};

it("D14: takes an access token that a real provider gave a program, once", async () => {
  const provider = await startOidcProvider({}, "https://totem.example.com");
  provider.sendBackTo("https://totem.example.com/back");
  onTestFinished(provider.stop);
  const server = await startTestServer({ settings: { TOTEM_PRIVATE_URLS: `issuer ${provider.issuer}` } });
  onTestFinished(server.stop);
  const owner = await signInPerson(server);
  const slug = await server.addWorkflow(agentWorkflow(), "Robots");
  const { username } = (await server.call(slug, "create")).body;
  const issuer = { name: "Provider", kind: "oidc", issuer: provider.issuer };
  const { id } = (await owner.send("POST", "/workload-identity/issuers", issuer)).body;
  const rule = {
    name: "Robot",
    issuer_id: id,
    audience: "https://totem.example.com",
    conditions: [{ claim: "client_id", matches: "robot" }],
    target: { agent_user: username },
  };
  expect((await owner.send("POST", "/workload-identity/rules", rule)).status).toBe(201);
  const exchange = (subject_token: string, subject_token_type: string) =>
    server.send(
      "POST",
      "/api/v1/auth/token",
      new URLSearchParams({ grant_type: exchangeGrant, subject_token, subject_token_type }).toString(),
      { "content-type": "application/x-www-form-urlencoded" },
    );
  const token = await provider.tokenOfProgram();
  // It says in its header that it is an access token, which is no ID token.
  expect((await exchange(token, tokenTypes.id_token)).status).toBe(400);
  const answer = await exchange(token, tokenTypes.jwt);
  expect(answer.status, answer.text).toBe(200);
  const whoami = await server.as(answer.body.access_token)("GET", "/whoami");
  expect(whoami.body.name).toBe(username);
  expect((await exchange(token, tokenTypes.jwt)).status).toBe(400);
});

describe("D14: the keys of an issuer", () => {
  it("D14: are read once for many tokens, and again after ten minutes", async () => {
    await story.enter();
    story.issuer.requests.length = 0;
    for (let taken = 0; taken < 3; taken++) await story.enter();
    expect(story.issuer.requests).toEqual([]);
    story.clock.advance(601);
    await story.enter();
    expect(story.issuer.requests).toEqual(["/.well-known/openid-configuration", "/keys"]);
  });

  it("D14: are asked for again for a key that is not known, at most once a minute", async () => {
    story.clock.advance(61);
    await story.enter();
    story.issuer.requests.length = 0;
    await story.issuer.rotate("2");
    await story.enter();
    expect(story.issuer.requests).toHaveLength(2);
    for (const kid of ["3", "4", "5"])
      expect(await whyNot(await story.issuer.sign({ header: { kid } }))).toBe("key_unknown");
    expect(story.issuer.requests).toHaveLength(2);
    story.clock.advance(61);
    const many = ["6", "7", "8", "9"].map(async (kid) =>
      story.exchange(await story.issuer.sign({ header: { kid } })),
    );
    await Promise.all(many);
    expect(story.issuer.requests).toHaveLength(4);
  });

  it("D14: count for an hour while the issuer is away, and no longer", async () => {
    story.clock.advance(601);
    await story.enter();
    story.issuer.goAway(true);
    onTestFinished(() => story.issuer.goAway(false));
    story.clock.advance(3_500);
    expect((await story.exchange(await story.issuer.sign())).status).toBe(200);
    story.clock.advance(200);
    expect(await whyNot(await story.issuer.sign())).toBe("issuer_unreachable");
  });

  it("D14: that the issuer has taken back open nothing after ten minutes", async () => {
    story.clock.advance(601);
    await story.enter();
    const old = story.issuer.privateKey();
    const [{ kid } = {}] = story.issuer.keys;
    await story.issuer.rotate("new");
    story.clock.advance(601);
    expect(await whyNot(await story.issuer.sign({ key: old, header: { kid } }))).toBe("key_unknown");
  });

  it("D14: may be several without names, of which the right one proves the token", async () => {
    const one = await newKey("RS256", "");
    const { kid: _kid, ...nameless } = one.jwk;
    const other = await newKey("RS256", "");
    const jwks = {
      keys: [{ ...other.jwk, kid: undefined }, nameless].map((jwk) => JSON.parse(JSON.stringify(jwk))),
    };
    const issuer = "https://nameless.example";
    const issuer_id = (await story.addIssuer({ name: "Nameless", issuer, jwks })).body.id;
    await story.addRule({ name: "Of nameless", issuer_id });
    const sign = async (key: CryptoKey) =>
      story.issuer.sign({ claims: { iss: issuer }, key, header: { kid: undefined } });
    expect((await story.exchange(await sign(one.privateKey))).status).toBe(200);
    const stranger = await newKey("RS256", "");
    expect(await whyNot(await sign(stranger.privateKey))).toBe("signature");
  });
});

describe("D14: an issuer is not trusted", () => {
  const refused = async (body: object) => {
    const answer = await story.addIssuer({ name: "New", ...body });
    expect([answer.status, answer.body.code], answer.text).toEqual([400, "INPUT_INVALID"]);
    return answer.body.errors[0];
  };
  const away = "https://away.example";

  it("D14: with private keys, which it also does not say back", async () => {
    const { privateKey } = await newKey("ES256", "p");
    const jwk = await exportJWK(privateKey);
    const answer = await story.addIssuer({ name: "New", issuer: away, jwks: { keys: [jwk] } });
    expect(answer.body.errors[0]).toMatchObject({ field: "jwks", problem: /private or shared keys/ });
    expect(answer.text).not.toContain(jwk.d);
    const secret = { kty: "oct", k: "c2VjcmV0" };
    expect(await refused({ issuer: away, jwks: { keys: [secret] } })).toMatchObject({ field: "jwks" });
  });

  it("D14: where its document names another issuer", async () => {
    const liar = await startIssuer(story.clock.now);
    onTestFinished(liar.stop);
    liar.say({ issuer: story.issuer.issuer });
    expect(await refused({ issuer: liar.issuer })).toMatchObject({ field: "issuer" });
  });

  it("D14: at an address inside that the operator has not listed", async () => {
    const inside = await startIssuer(story.clock.now);
    onTestFinished(inside.stop);
    const { problem } = await refused({ issuer: inside.issuer });
    expect(problem).toContain("TOTEM_PRIVATE_URLS");
    expect(inside.requests).toEqual([]);
    expect(await refused({ issuer: "https://169.254.169.254" })).toMatchObject({ field: "issuer" });
  });

  it.each([
    ["issuer", { issuer: "https://user:secret@id.example" }],
    ["issuer", { issuer: "https://id.example?x=1" }],
    ["issuer", { issuer: "kubernetes/serviceaccount" }],
    ["issuer", { kind: "spiffe", issuer: "spiffe://Example.org" }],
    ["issuer", { kind: "spiffe", issuer: "spiffe://example.org/path" }],
    ["jwks_url", { kind: "spiffe", issuer: "spiffe://example.org" }],
    ["jwks_url", { issuer: away, jwks_url: `${away}/keys`, jwks: { keys: [{ kty: "RSA" }] } }],
  ])("D14: without a %s that fits: %j", async (field, body) => {
    expect((await refused(body)).field).toBe(field);
  });
});

describe("D14: a SPIFFE trust domain", () => {
  const trustDomain = "spiffe://example.org";
  let svid: Awaited<ReturnType<typeof newKey>>;
  let x509: Awaited<ReturnType<typeof newKey>>;
  const id = `${trustDomain}/ns/prod/robot`;
  beforeAll(async () => {
    [svid, x509] = [await newKey("RS256", "s"), await newKey("RS256", "x")];
    const keys = [
      { ...svid.jwk, use: "jwt-svid" },
      { ...x509.jwk, use: "x509-svid" },
    ] as JWK[];
    const bundle = { name: "Mesh", kind: "spiffe", issuer: trustDomain, jwks: { keys } };
    const issuer_id = (await story.addIssuer(bundle)).body.id;
    const conditions = [{ claim: "sub", matches: `${trustDomain}/ns/prod/*` }];
    expect((await story.addRule({ name: "Of mesh", issuer_id, conditions })).status).toBe(201);
  });
  /** JWT-SVIDs need no iss, iat and jti. */
  const sign = (claims: object = {}, header: object = {}, key = svid.privateKey) =>
    story.issuer.sign({
      claims: { iss: undefined, iat: undefined, jti: undefined, nbf: undefined, sub: id, ...claims },
      header: { kid: "s", ...header },
      key,
    });

  it("D14: lets its workloads in by their names, once each token", async () => {
    const token = await sign();
    expect((await story.exchange(token)).status).toBe(200);
    expect(await story.lastLogged()).toMatchObject({ actor_id: `${trustDomain} ${id}` });
    expect(await whyNot(token)).toBe("replayed");
    expect((await story.exchange(await sign({ exp: seconds() + 300 }, { typ: "JOSE" }))).status).toBe(200);
  });

  const seconds = () => Math.floor(story.clock.now().getTime() / 1000);
  it.each([
    [
      "a name of another trust domain",
      "issuer_unknown",
      () => sign({ sub: "spiffe://evil.org/ns/prod/robot" }),
    ],
    [
      "a domain that only begins so",
      "issuer_unknown",
      () => sign({ sub: "spiffe://example.org.evil/ns/prod/x" }),
    ],
    ["a path that climbs", "subject", () => sign({ sub: `${trustDomain}/ns/prod/../root` })],
    ["an empty segment", "subject", () => sign({ sub: `${trustDomain}/ns//robot` })],
    ["a name that its rule does not want", "no_rule", () => sign({ sub: `${trustDomain}/ns/stage/robot` })],
    ["more life than the oldest token has", "too_old", () => sign({ exp: seconds() + 7_200 })],
    ["an old iat", "too_old", () => sign({ iat: seconds() - 3_700 })],
    ["an iat of the future", "not_yet_valid", () => sign({ iat: seconds() + 100 })],
    ["a key for certificates", "key_unknown", () => sign({}, { kid: "x" }, x509.privateKey)],
    ["another audience", "audience", () => sign({ aud: "other" })],
    ["the type of an access token", "wrong_type", () => sign({}, { typ: "at+jwt" })],
  ])("D14: refuses %s", async (_what, reason, token) => {
    expect(await whyNot(await token())).toBe(reason);
  });
});

it("D14: becomes no issuer that all the world shares while a rule of it names no owner there", async () => {
  const { owner, issuer, addIssuer, addRule } = story;
  const github = "https://token.actions.githubusercontent.com";
  const jwks = { keys: issuer.keys };
  const own = { name: "Private", kind: "oidc", issuer: "https://private.example", jwks };
  const { id } = (await addIssuer(own)).body;
  const loose = { name: "Loose", issuer_id: id, conditions: [{ claim: "ref", matches: "refs/heads/main" }] };
  expect((await addRule(loose)).status).toBe(201);
  const change = () => owner.send("PUT", `/workload-identity/issuers/${id}`, { ...own, issuer: github });
  const refused = await change();
  expect([refused.status, refused.body.errors]).toEqual([
    400,
    [{ field: "issuer", problem: expect.stringContaining("“Loose”") }],
  ]);
  const stranger = { iss: github, sub: "repo:stranger/x:ref:refs/heads/main", ref: "refs/heads/main" };
  expect((await story.exchange(await issuer.sign({ claims: stranger }))).status).toBe(400);
  const { rules } = (await owner.send("GET", "/workload-identity")).body;
  const rule = rules.find(({ name }: { name: string }) => name === "Loose").id;
  await owner.send("DELETE", `/workload-identity/rules/${rule}`);
  expect((await change()).status).toBe(200);
});
