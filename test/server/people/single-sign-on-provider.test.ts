import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PersonSession, sessionOf, signInPerson } from "../../support/person-session.ts";
import { random } from "../../support/seeded-random.ts";
import { signInAtProvider } from "../../support/sign-in-at-provider.ts";
import { startOidcProvider } from "../../support/start-oidc-provider.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const path = "/api/v1/people/auth/single-sign-on";
let server: TestServer;
let provider: Awaited<ReturnType<typeof startOidcProvider>>;
let owner: PersonSession;

const accounts = {
  ada: { email: "Ada@Example.com", email_verified: true, name: "Ada", groups: ["makers"] },
  eve: { email: "eve@example.com", email_verified: false, name: "Eve", groups: ["makers"] },
};

beforeAll(async () => {
  provider = await startOidcProvider(accounts);
  server = await startTestServer({ settings: { TOTEM_PRIVATE_URLS: `sign-in ${provider.issuer}` } });
  owner = await signInPerson(server);
  provider.sendBackTo(`${server.studioUrl}${path}/callback`);
  const stored = await owner.send("PUT", "/settings/single-sign-on", {
    name: "Company",
    issuer: provider.issuer,
    client_id: provider.clientId,
    client_secret: provider.clientSecret,
    domains: ["example.com"],
    roles_of_groups: { makers: ["builder"] },
  });
  expect(stored.body).toMatchObject({
    has_client_secret: true,
    redirect_uri: `${server.studioUrl}${path}/callback`,
  });
});
afterAll(async () => {
  await server.stop();
  await provider.stop();
});

/** From the sign-in page to the provider, through its pages, and back. */
async function signIn(name: string) {
  const proof = random.bytes(32).toString("base64url");
  const { body: ways } = await server.send("GET", "/api/v1/people/ways");
  const [{ workspace_id }] = ways.single_sign_on;
  const started = await server.send("POST", path, { workspace_id }, { "x-totem-proof": proof });
  const back = await signInAtProvider(started.body.url, name, server.studioUrl ?? "");
  const led = await fetch(back, { redirect: "manual" });
  const returned = new URLSearchParams((led.headers.get("location") ?? "").replace("/#single-sign-on=", ""));
  const finish = () =>
    server.send("POST", `${path}/finish`, Object.fromEntries(returned), { "x-totem-proof": proof });
  return { proof, returned, finish };
}

describe("H7: single sign-on at a certified provider", () => {
  it("shows its button, signs in with PKCE, state and nonce, and names the person with address and roles", async () => {
    const { body: ways } = await server.send("GET", "/api/v1/people/ways");
    expect(ways.single_sign_on).toEqual([{ workspace_id: expect.any(String), name: "Company" }]);
    const { proof, returned, finish } = await signIn("ada");
    expect([...returned.keys()].sort()).toEqual(["code", "iss", "state"]);
    const answer = await finish();
    expect(answer.status).toBe(204);
    const me = await sessionOf(server, answer, proof).send("GET", "/people/me");
    expect(me.body).toMatchObject({ name: "Ada", email: "ada@example.com", roles: ["builder"] });
  });

  it("knows the person again the next time", async () => {
    const { finish } = await signIn("ada");
    expect((await finish()).status).toBe(204);
    const people = await server.database.kysely
      .selectFrom("person")
      .select("id")
      .where("email", "=", "ada@example.com")
      .execute();
    expect(people).toHaveLength(1);
  });

  it("refuses an answer that was used already", async () => {
    const { finish } = await signIn("ada");
    expect((await finish()).status).toBe(204);
    expect((await finish()).body.code).toBe("SINGLE_SIGN_ON_REFUSED");
  });

  it("refuses an address that the provider has not verified", async () => {
    const { finish } = await signIn("eve");
    const answer = await finish();
    expect(answer.status).toBe(403);
    expect(answer.body.title).toContain("not say that your e-mail address is verified");
  });

  it("refuses a wrong secret of the client, in our words", async () => {
    const wrong = {
      issuer: provider.issuer,
      client_id: provider.clientId,
      client_secret: "wrong",
      domains: ["example.com"],
      roles_of_groups: { makers: ["builder"] },
    };
    await owner.send("PUT", "/settings/single-sign-on", wrong);
    const { finish } = await signIn("ada");
    const answer = await finish();
    expect(answer.body.code).toBe("SINGLE_SIGN_ON_REFUSED");
    expect(answer.text).not.toMatch(/invalid_client|authentication/);
    await owner.send("PUT", "/settings/single-sign-on", { ...wrong, client_secret: provider.clientSecret });
  });
});
