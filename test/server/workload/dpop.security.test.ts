import { calculateJwkThumbprint, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hashToken } from "../../../server/secrets/bearer-token.ts";
import { random } from "../../support/seeded-random.ts";
import { startWorkload, type WorkloadStory } from "../../support/start-workload.ts";
import { newKey } from "../../support/workload-issuer.ts";

let story: WorkloadStory;
let key: Awaited<ReturnType<typeof newKey>>;
let other: Awaited<ReturnType<typeof newKey>>;
beforeAll(async () => {
  story = await startWorkload({ TOTEM_PUBLIC_URL: "https://totem.example.com/" });
  key = await newKey("ES256", "k");
  other = await newKey("ES256", "o");
});
afterAll(() => story.stop());

interface ProofOptions {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly by?: typeof key;
}

/** A proof for a GET of whoami. */
function proof({ claims = {}, header = {}, by = key }: ProofOptions = {}): Promise<string> {
  const { kid: _kid, ...jwk } = by.jwk;
  const said = {
    htm: "GET",
    htu: `${story.server.url}/api/v1/whoami`,
    iat: Math.floor(story.clock.now().getTime() / 1000),
    jti: random.uuid(),
    ...claims,
  };
  return new SignJWT(JSON.parse(JSON.stringify(said)))
    .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk: jwk as JWK, ...header })
    .sign(by.privateKey);
}

const atExchange = () => ({ htm: "POST", htu: `${story.server.url}/api/v1/auth/token` });
const exchangeWith = async (dpop: string, claims: Readonly<Record<string, unknown>> = {}) =>
  story.exchange(await story.issuer.sign({ claims }), {}, { dpop });
async function boundToken(): Promise<string> {
  const answer = await exchangeWith(await proof({ claims: atExchange() }));
  expect(answer.body, answer.text).toMatchObject({ token_type: "DPoP" });
  return answer.body.access_token;
}
const use = (token: string, dpop?: string, scheme = "DPoP") =>
  story.server.send("GET", "/api/v1/whoami", undefined, {
    authorization: `${scheme} ${token}`,
    ...(dpop === undefined ? {} : { dpop }),
  });

it("D14: binds the token to the key of a DPoP proof, which comes with every use of it", async () => {
  const token = await boundToken();
  const answer = await use(token, await proof({ claims: { ath: hashToken(token) } }));
  expect(answer.body).toMatchObject({ name: story.username });
  const row = await story.server.database.kysely
    .selectFrom("workload_token")
    .select("key_thumbprint")
    .where("token_hash", "=", hashToken(token))
    .executeTakeFirstOrThrow();
  expect(row.key_thumbprint).toBe(await calculateJwkThumbprint(key.jwk));
});

it("D14: refuses a bound token as a bearer token, with and without a proof, and in a dialect's header", async () => {
  const token = await boundToken();
  const ath = hashToken(token);
  for (const dpop of [undefined, await proof({ claims: { ath } })]) {
    const answer = await use(token, dpop, "Bearer");
    expect([answer.status, answer.body.code]).toEqual([401, "PROOF_OF_KEY_REFUSED"]);
    expect(answer.headers.get("www-authenticate")).toMatch(/^DPoP realm="totem", error="invalid_dpop_proof"/);
  }
  const dialect = await story.server.send("GET", "/v0/vault", undefined, { "x-api-key": token });
  expect(dialect.status).toBe(401);
});

it("D14: takes a token that is not bound by no DPoP header, and no key either", async () => {
  const token = await story.enter();
  expect((await use(token, await proof({ claims: { ath: hashToken(token) } }))).status).toBe(401);
  const { adminKey } = story.server;
  expect((await use(adminKey, await proof({ claims: { ath: hashToken(adminKey) } }))).status).toBe(401);
});

const seconds = () => Math.floor(story.clock.now().getTime() / 1000);
const wrong: readonly [what: string, of: (ath: string) => ProofOptions][] = [
  ["another method", (ath) => ({ claims: { ath, htm: "POST" } })],
  ["another path", (ath) => ({ claims: { ath, htu: `${story.server.url}/api/v1/keys` } })],
  ["another server", (ath) => ({ claims: { ath, htu: "https://evil.example/api/v1/whoami" } })],
  ["no address", (ath) => ({ claims: { ath, htu: undefined } })],
  ["another token", () => ({ claims: { ath: hashToken("other") } })],
  ["no token", () => ({})],
  ["no jti", (ath) => ({ claims: { ath, jti: undefined } })],
  ["an iat of two minutes ago", (ath) => ({ claims: { ath, iat: seconds() - 120 } })],
  ["an iat in the future", (ath) => ({ claims: { ath, iat: seconds() + 60 } })],
  ["no iat", (ath) => ({ claims: { ath, iat: undefined } })],
  ["another key", (ath) => ({ claims: { ath }, by: other })],
  ["another type", (ath) => ({ claims: { ath }, header: { typ: "JWT" } })],
  ["the key of another in its header", (ath) => ({ claims: { ath }, header: { jwk: other.jwk } })],
];
it.each(wrong)("D14: refuses a proof for or with %s", async (_what, of) => {
  const token = await boundToken();
  const answer = await use(token, await proof(of(hashToken(token))));
  expect([answer.status, answer.body.code]).toEqual([401, "PROOF_OF_KEY_REFUSED"]);
});

it("D14: takes each proof once, also of many at the same moment", async () => {
  const token = await boundToken();
  const dpop = await proof({ claims: { ath: hashToken(token) } });
  const answers = await Promise.all(Array.from({ length: 6 }, () => use(token, dpop)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(5).fill(401)]);
});

it("D14: takes the address that people use, and not one that only the request names", async () => {
  const token = await boundToken();
  const ath = hashToken(token);
  const htu = "https://totem.example.com/api/v1/whoami";
  expect((await use(token, await proof({ claims: { ath, htu: `${htu}?q=1#x` } }))).status).toBe(200);
});

it("D14: refuses a wrong proof at the exchange, and the token is not used up by it", async () => {
  const claims = { jti: random.uuid() };
  const answer = await exchangeWith(await proof({ claims: { ...atExchange(), htm: "GET" } }), claims);
  expect([answer.status, answer.body]).toEqual([
    400,
    expect.objectContaining({ error: "invalid_dpop_proof", code: "PROOF_OF_KEY_REFUSED" }),
  ]);
  expect(await story.lastLogged()).toMatchObject({ reason: "proof" });
  expect((await exchangeWith(await proof({ claims: atExchange() }), claims)).status).toBe(200);
});

it.each([
  [{ "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" }],
  [{ jwk: { kty: "OKP" } }],
  [{ kid: "1" }],
  [{ jkt: null }],
  [{}],
  [null],
  ["text"],
])("D14: takes a token that is bound by %j neither as a bearer token nor with a proof", async (cnf) => {
  const plain = await story.exchange(await story.issuer.sign({ claims: { cnf } }));
  expect([plain.status, plain.body.code]).toEqual([400, "WORKLOAD_REFUSED"]);
  const withProof = await exchangeWith(await proof({ claims: atExchange() }), { cnf });
  expect([withProof.status, withProof.body.code]).toEqual([400, "WORKLOAD_REFUSED"]);
  expect(await story.lastLogged()).toMatchObject({ reason: "bound_elsewhere" });
  const tried = await story.try(await story.issuer.sign({ claims: { cnf } }));
  expect(tried.body).toMatchObject({ gets_in: false, reason: "bound_elsewhere" });
});

it("D14: exchanges a token that its issuer bound to a key only with a proof of that key", async () => {
  const cnf = { jkt: await calculateJwkThumbprint(key.jwk) };
  const by = (one: typeof key) => proof({ claims: atExchange(), by: one });
  expect((await exchangeWith(await by(other), { cnf })).body.code).toBe("WORKLOAD_REFUSED");
  expect((await exchangeWith(await by(key), { cnf })).body.token_type).toBe("DPoP");
});

it("D14: ends what a bound token has open when its rule changes", async () => {
  const token = await boundToken();
  const url = `/workload-identity/rules/${story.first.id}`;
  await story.owner.send("PUT", url, { ...story.rule, token_seconds: 300 });
  const answer = await use(token, await proof({ claims: { ath: hashToken(token) } }));
  expect([answer.status, answer.body.code]).toEqual([401, "UNAUTHENTICATED"]);
});
