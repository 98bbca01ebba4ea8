import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SingleSignOnStory, startSingleSignOn } from "../../support/single-sign-on.ts";

let story: SingleSignOnStory;
beforeAll(async () => {
  story = await startSingleSignOn();
});
afterAll(() => story.stop());

const refusals = () =>
  story.db
    .selectFrom("audit_event")
    .select("reason")
    .where("action", "=", "studio.signed_in")
    .where("result", "=", "refused")
    .orderBy("id")
    .execute();

describe("a sign-in at the provider", () => {
  it("opens a session for the page that began it", async () => {
    const { answer, session } = await story.signIn();
    expect(answer.status).toBe(204);
    const me = await session?.send("GET", "/people/me");
    expect(me?.body).toMatchObject({
      name: "Ada",
      email: "ada@example.com",
      roles: ["builder"],
      signed_in_by: "single_sign_on",
    });
  });

  it("sends PKCE with S256, a state and a nonce, and the verifier only with the code", async () => {
    const started = await story.start(story.newProof());
    const query = new URL(started.body.url).searchParams;
    expect(query.get("response_type")).toBe("code");
    expect(query.get("code_challenge_method")).toBe("S256");
    expect(query.get("scope")).toBe("openid email profile");
    expect(query.get("redirect_uri")).toBe(
      `${story.server.studioUrl}/api/v1/people/auth/single-sign-on/callback`,
    );
    for (const name of ["state", "nonce", "code_challenge"]) expect(query.get(name)).toMatch(/^[\w-]{43}$/);
    expect(started.body.url).not.toContain("code_verifier");
    const stored = JSON.stringify(await story.db.selectFrom("single_sign_on_attempt").selectAll().execute());
    for (const name of ["state", "nonce"]) expect(stored).not.toContain(query.get(name));
  });
});

describe("H7: single sign-on refuses", () => {
  it.each<[string, Parameters<SingleSignOnStory["signIn"]>[1], string]>([
    ["a token of another issuer", { claims: { iss: "https://other.example" } }, "SINGLE_SIGN_ON_REFUSED"],
    ["a token for another client", { claims: { aud: "other" } }, "SINGLE_SIGN_ON_REFUSED"],
    [
      "a token for two clients that was not issued to this one",
      { claims: { aud: ["totem", "other"], azp: "other" } },
      "SINGLE_SIGN_ON_REFUSED",
    ],
    [
      "a token for two clients that does not say whose it is",
      { claims: { aud: ["totem", "other"] } },
      "SINGLE_SIGN_ON_REFUSED",
    ],
    ["another nonce", { claims: { nonce: "another" } }, "SINGLE_SIGN_ON_REFUSED"],
    ["a token without a nonce", { claims: { nonce: undefined } }, "SINGLE_SIGN_ON_REFUSED"],
    ["a token without a signature", { alg: "none" }, "SINGLE_SIGN_ON_REFUSED"],
    ["a token signed with the public key as a shared secret", { alg: "HS256" }, "SINGLE_SIGN_ON_REFUSED"],
    [
      "an answer of another issuer (RFC 9207)",
      { returned: { iss: "https://other.example" } },
      "SINGLE_SIGN_ON_REFUSED",
    ],
    ["another state", { returned: { state: "another" } }, "SINGLE_SIGN_ON_REFUSED"],
    ["a code that was not given", { returned: { code: "another" } }, "SINGLE_SIGN_ON_REFUSED"],
    ["a token that has expired", { claims: { exp: 1_767_225_600 - 120 } }, "SINGLE_SIGN_ON_CLOCK"],
    ["a token without an end", { claims: { exp: undefined } }, "SINGLE_SIGN_ON_REFUSED"],
    [
      "a clock five minutes ahead",
      { claims: { iat: 1_767_225_600 + 300, exp: 1_767_225_600 + 600 } },
      "SINGLE_SIGN_ON_CLOCK",
    ],
    [
      "a clock five minutes behind",
      { claims: { iat: 1_767_225_600 - 300, exp: 1_767_225_600 } },
      "SINGLE_SIGN_ON_CLOCK",
    ],
    ["an old token", { claims: { iat: 1_767_225_600 - 300 } }, "SINGLE_SIGN_ON_CLOCK"],
  ])("%s", async (_what, lie, code) => {
    const { answer } = await story.signIn({}, lie);
    expect(answer.body.code).toBe(code);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.text).not.toContain("secret words");
  });

  it("a signature by another key", async () => {
    const { answer } = await story.signIn({}, { key: story.provider.otherKey });
    expect(answer.body.code).toBe("SINGLE_SIGN_ON_REFUSED");
  });

  it("the same answer a second time", async () => {
    const proof = story.newProof();
    const { url } = (await story.start(proof)).body;
    const claims = { email: "ada@example.com", email_verified: true, groups: ["makers"] };
    const returned = story.provider.agree(url, { claims: { sub: "ada", ...claims } });
    expect((await story.finish(proof, returned)).status).toBe(204);
    const asked = story.provider.requests.length;
    expect((await story.finish(proof, returned)).body.code).toBe("SINGLE_SIGN_ON_REFUSED");
    expect(story.provider.requests.length).toBe(asked);
  });

  it("the answer to another page, as of a program on another port that began a sign-in of its own", async () => {
    const mine = story.newProof();
    const { url } = (await story.start(mine)).body;
    const returned = story.provider.agree(url);
    const refused = await story.finish(story.newProof(), returned);
    expect(refused.body.title).toContain("another browser");
    // The attempt is used up: also the page that began it ends it no more.
    expect((await story.finish(mine, returned)).body.code).toBe("SINGLE_SIGN_ON_REFUSED");
  });

  it("an answer of the provider before the last change of the settings", async () => {
    const proof = story.newProof();
    const { url } = (await story.start(proof)).body;
    const returned = story.provider.agree(url);
    await story.configure({ client_id: "another" });
    expect((await story.finish(proof, returned)).body.title).toContain("settings");
    await story.configure();
  });

  it("a request without the proof of a page", async () => {
    expect((await story.start("")).status).toBe(400);
    expect((await story.finish("", { state: "a", code: "b" })).status).toBe(400);
  });

  it("and writes each refusal of an attempt to the audit log, with its code and no more", async () => {
    const before = await refusals();
    await story.signIn({}, { claims: { nonce: "another" } });
    const after = await refusals();
    expect(after.length).toBe(before.length + 1);
    expect(after.at(-1)?.reason).toBe("single_sign_on_refused");
  });
});

describe("the address that the provider sends the browser back to", () => {
  const callback = "/api/v1/people/auth/single-sign-on/callback";
  const locationOf = async (query: string) => {
    const response = await fetch(`${story.server.url}${callback}${query}`, { redirect: "manual" });
    expect(response.status).toBe(302);
    expect(response.headers.getSetCookie()).toEqual([]);
    return response.headers.get("location");
  };

  it("hands the answer to the page behind the #, and changes nothing", async () => {
    const { url } = (await story.start(story.newProof())).body;
    const { state } = story.provider.agree(url);
    expect(await locationOf(`?code=c%261&state=${state}&iss=https%3A%2F%2Fa.example`)).toBe(
      `/#single-sign-on=state=${state}&code=c%261&iss=https%3A%2F%2Fa.example`,
    );
    const attempts = await story.db.selectFrom("single_sign_on_attempt").selectAll().execute();
    expect(attempts.length).toBeGreaterThan(0);
  });

  it.each([
    "?error=access_denied&error_description=Words%20of%20the%20provider",
    "",
    "?code=a",
    "?code=a&code=b&state=s",
  ])("says the same for %j, without the provider's words", async (query) => {
    expect(await locationOf(query)).toBe("/#sign-in-error=SINGLE_SIGN_ON_REFUSED");
  });
});

describe("no secret of single sign-on", () => {
  it("is in a log, an answer, the audit log or a column", async () => {
    await story.configure();
    await story.signIn();
    const { body } = await story.owner.send("GET", "/settings/single-sign-on");
    expect(body).toMatchObject({ has_client_secret: true, issuer: story.provider.issuer });
    const seen = [
      JSON.stringify(body),
      story.server.log.join("\n"),
      JSON.stringify(await story.db.selectFrom("audit_event").selectAll().execute()),
      JSON.stringify(await story.db.selectFrom("single_sign_on").selectAll().execute()),
    ].join("\n");
    expect(seen).not.toContain("secret of the client");
  });
});

// The clock moves here, which ends the fresh proof of the owner: last.
describe("H7: an attempt", () => {
  it("ends after ten minutes", async () => {
    const proof = story.newProof();
    const { url } = (await story.start(proof)).body;
    story.clock.advance(601);
    const refused = await story.finish(proof, story.provider.agree(url));
    expect(refused.body.title).toContain("too long");
  });
});
