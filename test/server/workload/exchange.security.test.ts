import { generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyRow } from "../../support/every-row.ts";
import { startWorkload, type WorkloadStory } from "../../support/start-workload.ts";
import { newKey } from "../../support/workload-issuer.ts";

let story: WorkloadStory;
beforeAll(async () => {
  story = await startWorkload();
});
afterAll(() => story.stop());

const refusal = {
  error: "invalid_request",
  error_description:
    "This token does not get in. An administrator can test it in the studio: Settings, Workload identity.",
  code: "WORKLOAD_REFUSED",
};
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

it("D14: exchanges a token of a trusted issuer for one of 15 minutes that acts as the agent of its rule", async () => {
  const { server, issuer, exchange, username, lastLogged, clock } = story;
  const answer = await exchange(await issuer.sign());
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toEqual({
    access_token: expect.stringMatching(/^totem_workload_[\w-]{43}$/),
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    token_type: "Bearer",
    expires_in: 900,
    scope: expect.stringContaining("codes:read"),
  });
  const api = server.as(answer.body.access_token);
  expect((await api("GET", "/whoami")).body).toMatchObject({
    kind: "agent_user",
    name: username,
    agent_user: { username, session: false },
  });
  expect(await lastLogged()).toMatchObject({
    actor_kind: "workload",
    actor_id: `${issuer.issuer} system:serviceaccount:prod:robot`,
    on_behalf_of: username,
    subject_kind: "workload_rule",
    subject: "Robot of prod",
    result: "ok",
  });
  clock.advance(899);
  expect((await api("GET", "/whoami")).status).toBe(200);
  clock.advance(1);
  expect((await api("GET", "/whoami")).status).toBe(401);
});

describe("D14: refuses alike, and logs why", () => {
  const seconds = () => Math.floor(story.clock.now().getTime() / 1000);
  const cases: readonly [what: string, reason: string, token: () => Promise<string>][] = [
    ["another aud", "audience", () => story.issuer.sign({ claims: { aud: "other" } })],
    ["no aud", "audience", () => story.issuer.sign({ claims: { aud: undefined } })],
    ["another iss", "issuer_unknown", () => story.issuer.sign({ claims: { iss: "https://other.example" } })],
    ["no iss", "issuer_unknown", () => story.issuer.sign({ claims: { iss: undefined } })],
    ["an exp of the past", "expired", () => story.issuer.sign({ claims: { exp: seconds() - 61 } })],
    ["no exp", "no_end", () => story.issuer.sign({ claims: { exp: undefined } })],
    ["an exp that is no number", "no_end", () => story.issuer.sign({ claims: { exp: "tomorrow" } })],
    ["an nbf of the future", "not_yet_valid", () => story.issuer.sign({ claims: { nbf: seconds() + 61 } })],
    ["an iat of the future", "not_yet_valid", () => story.issuer.sign({ claims: { iat: seconds() + 61 } })],
    [
      "an iat older than the issuer may say",
      "too_old",
      () => story.issuer.sign({ claims: { iat: seconds() - 3_661 } }),
    ],
    ["no iat", "too_old", () => story.issuer.sign({ claims: { iat: undefined } })],
    [
      "another subject",
      "no_rule",
      () => story.issuer.sign({ claims: { sub: "system:serviceaccount:prod:x" } }),
    ],
    ["no sub", "subject", () => story.issuer.sign({ claims: { sub: undefined } })],
    [
      "the algorithm none",
      "malformed",
      async () => {
        const [, claims] = (await story.issuer.sign()).split(".");
        return `${base64url({ alg: "none" })}.${claims}.`;
      },
    ],
    [
      "the algorithm none with a signature",
      "algorithm",
      async () => {
        const [, claims, signature] = (await story.issuer.sign()).split(".");
        return `${base64url({ alg: "none", kid: "1" })}.${claims}.${signature}`;
      },
    ],
    [
      "a signature by HMAC with the public key as its secret",
      "algorithm",
      async () =>
        story.issuer.sign({
          header: { alg: "HS256" },
          key: Buffer.from(JSON.stringify(story.issuer.keys[0])),
        }),
    ],
    [
      "an algorithm that is not its key's",
      "key_unknown",
      async () => {
        const { privateKey } = await generateKeyPair("ES256");
        return story.issuer.sign({ header: { alg: "ES256" }, key: privateKey });
      },
    ],
    [
      "the signature of another key",
      "signature",
      async () => story.issuer.sign({ key: (await generateKeyPair("RS256")).privateKey }),
    ],
    ["a key that its issuer has not", "key_unknown", () => story.issuer.sign({ header: { kid: "2" } })],
    [
      "a key in its own header",
      "signature",
      async () => {
        const { privateKey, jwk } = await newKey("RS256", "1");
        return story.issuer.sign({ key: privateKey, header: { jwk } });
      },
    ],
    ["the type of a logout token", "wrong_type", () => story.issuer.sign({ header: { typ: "logout+jwt" } })],
    ["the type of a DPoP proof", "wrong_type", () => story.issuer.sign({ header: { typ: "dpop+jwt" } })],
    [
      "a critical extension",
      "algorithm",
      () => story.issuer.sign({ header: { crit: ["urn:example:extension"], "urn:example:extension": 1 } }),
    ],
    ["no JWT", "malformed", async () => "no token"],
    [
      "a changed claim",
      "signature",
      async () => {
        const [header, , signature] = (await story.issuer.sign()).split(".");
        const [, claims] = (await story.issuer.sign({ claims: { admin: true } })).split(".");
        return `${header}.${claims}.${signature}`;
      },
    ],
    ["too many bytes", "too_large", () => story.issuer.sign({ claims: { more: "x".repeat(20_000) } })],
    ["a jti that is no text", "malformed", () => story.issuer.sign({ claims: { jti: 7 } })],
    [
      "a key that it is bound to and that the request does not prove",
      "bound_elsewhere",
      () => story.issuer.sign({ claims: { cnf: { jkt: "x" } } }),
    ],
  ];

  it.each(cases)("D14: a token with %s", async (_what, reason, token) => {
    const answer = await story.exchange(await token());
    expect([answer.status, answer.body]).toEqual([400, refusal]);
    expect(await story.lastLogged()).toMatchObject({ result: "refused", reason });
    // Each of these is a try, and their number is limited.
    await story.server.database.kysely.deleteFrom("sign_in_failure").execute();
  });

  it("D14: a token that was shown before, by its jti, also when it is signed anew", async () => {
    const claims = { jti: "once" };
    expect((await story.exchange(await story.issuer.sign({ claims }))).status).toBe(200);
    story.clock.advance(1);
    const again = await story.exchange(await story.issuer.sign({ claims }));
    expect([again.status, again.body]).toEqual([400, refusal]);
    expect(await story.lastLogged()).toMatchObject({ result: "refused", reason: "replayed" });
  });

  it("D14: a token without a jti that was shown before", async () => {
    const token = await story.issuer.sign({ claims: { jti: undefined } });
    expect((await story.exchange(token)).status).toBe(200);
    const again = await story.exchange(token);
    expect([again.status, again.body]).toEqual([400, refusal]);
    expect(await story.lastLogged()).toMatchObject({ reason: "replayed" });
  });

  it("D14: all of many at once but one, with the same token", async () => {
    const token = await story.issuer.sign();
    const answers = await Promise.all(Array.from({ length: 8 }, () => story.exchange(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)]);
  });
});

it("D14: stores of the token that it gave only a hash, and of the one that it was shown nothing", async () => {
  const shown = await story.issuer.sign();
  const { access_token: given } = (await story.exchange(shown)).body;
  const all = [...(await everyRow(story.server.database.kysely)).values()].flat().join("\n");
  for (const secret of [given, shown, shown.split(".")[2] ?? ""]) {
    expect(all).not.toContain(secret);
    expect(story.server.log.join("\n")).not.toContain(secret);
  }
});
