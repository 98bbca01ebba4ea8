import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson, signInAgain } from "../support/add-person.ts";
import { launchBrowser } from "../support/browser.ts";
import { everyRow } from "../support/every-row.ts";
import { fixedClock } from "../support/fixed-clock.ts";
import { addPasskey, atSite, openPasskeyPage, type PasskeyPage, siteOf } from "../support/passkey-page.ts";
import { type PersonSession, sessionOf, signInPerson } from "../support/person-session.ts";
import { random } from "../support/seeded-random.ts";
import { type Answer, startTestServer, type TestServer } from "../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let listens: TestServer;
let browser: Awaited<ReturnType<typeof launchBrowser>>;
let owner: PersonSession;
const open: PasskeyPage[] = [];
const newProof = () => random.bytes(32).toString("base64url");

beforeAll(async () => {
  [listens, browser] = await Promise.all([startTestServer({ clock }), launchBrowser()]);
  server = atSite(listens);
});
afterEach(async () => {
  for (const page of open.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await listens?.stop();
});

async function device(more: Record<string, unknown> = {}): Promise<PasskeyPage> {
  const page = await openPasskeyPage(browser, listens, more);
  open.push(page);
  return page;
}
/** A person with a passkey on a device of their own, and no other factor. */
async function withPasskey(): Promise<{ person: AddedPerson; laptop: PasskeyPage; id: string }> {
  const laptop = await device();
  const person = await addPerson(server, { roles: ["operator"], factor: false });
  const { status, body } = await addPasskey(person, laptop);
  expect(status).toBe(201);
  return { person, laptop, id: body.id };
}
const signInOptions = async () =>
  (await server.send("POST", "/api/v1/people/auth/passkey/options")).body.options;
const signIn = (response: unknown, proof = newProof()) =>
  server.send("POST", "/api/v1/people/auth/passkey", { response }, { "x-totem-proof": proof });
const proofOptions = async ({ send }: PersonSession) =>
  (await send("POST", "/people/me/proof/passkey/options")).body.options;
const prove = ({ send }: PersonSession, response: unknown) =>
  send("POST", "/people/me/proof/passkey", { response });
const saysOf = ({ status, body }: Answer) => [status, body.code];
const refused = [400, "PASSKEY_REFUSED"];

describe("a passkey", () => {
  it("is added right after the first link, and signs its person in without a name or a password", async () => {
    const laptop = await device();
    owner = await signInPerson(server);
    const added = await addPasskey(owner, laptop);
    expect([added.status, added.body.name, added.body.last_used_at]).toEqual([201, "Laptop", null]);
    const proof = newProof();
    const options = await signInOptions();
    expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(options.allowCredentials ?? []).toEqual([]);
    const answer = await signIn(await laptop.get(options), proof);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    const again = sessionOf(server, answer, proof);
    expect((await again.send("GET", "/people/me")).body).toMatchObject({
      id: (await owner.send("GET", "/people/me")).body.id,
      signed_in_by: "passkey",
      passkeys: [{ name: "Laptop", last_used_at: clock.now().toISOString() }],
      proved_until: new Date(clock.now().getTime() + 600_000).toISOString(),
    });
  });

  it("is renamed and removed by its person only, and its end ends the other sessions", async () => {
    const { person, id } = await withPasskey();
    const url = `/people/me/passkeys/${id}`;
    for (const [method, body] of [
      ["PATCH", { name: "Mine" }],
      ["DELETE", undefined],
    ] as const)
      expect((await owner.send(method, url, body)).body.code).toBe("PASSKEY_NOT_FOUND");
    expect((await person.send("PATCH", url, { name: " Phone " })).body.name).toBe("Phone");
    const elsewhere = await signInAgain(server, person);
    await person.forgetProof();
    expect((await person.send("DELETE", url)).body.code).toBe("FRESH_PROOF_NEEDED");
    await prove(person, await open[0]?.get(await proofOptions(person)));
    expect((await person.send("DELETE", url)).status).toBe(204);
    expect((await elsewhere.send("GET", "/whoami")).status).toBe(401);
    const { body } = await person.send("GET", "/people/me");
    expect([body.passkeys, body.has_password]).toEqual([[], false]);
    expect(saysOf(await signIn(await open[0]?.get(await signInOptions())))).toEqual(refused);
  });

  it("proves that it is the person, for ten minutes and for this session only", async () => {
    const { person, laptop } = await withPasskey();
    await person.forgetProof();
    const other = await signInAgain(server, person);
    const proved = await prove(person, await laptop.get(await proofOptions(person)));
    const until = new Date(clock.now().getTime() + 600_000).toISOString();
    expect([proved.status, proved.body]).toEqual([200, { proved_until: until }]);
    expect((await other.send("GET", "/people/me")).body.proved_until).toBeNull();
    // No other person's passkey does it.
    const stranger = await withPasskey();
    const theirs = await stranger.laptop.get({ ...(await proofOptions(person)), allowCredentials: [] });
    expect(saysOf(await prove(person, theirs))).toEqual(refused);
  });

  it("is a second factor beside a password", async () => {
    const { person, laptop } = await withPasskey();
    const password = "plum harbour violin nine";
    expect((await person.send("PUT", "/people/me/password", { password })).status).toBe(204);
    const { email } = person;
    const enter = async (body: object) =>
      server.send(
        "POST",
        "/api/v1/people/auth/password",
        { email, ...body },
        { "x-totem-proof": newProof() },
      );
    const answer = async (from = laptop) => from.get(await signInOptions());
    expect((await enter({ password, response: await answer() })).status).toBe(204);
    const stranger = await withPasskey();
    for (const body of [
      { password: "another one entirely", response: await answer() },
      { password, response: await answer(stranger.laptop) },
      { password, code: "000000" },
    ])
      expect(saysOf(await enter(body))).toEqual([401, "SIGN_IN_REFUSED"]);
    expect((await enter({ password })).status).toBe(400);
    expect((await enter({ password, code: "000000", response: await answer() })).status).toBe(400);
  });
});

describe("H3: an answer with a passkey", () => {
  it("counts once, within five minutes, for what it was asked for and for the session that asked", async () => {
    const { person, laptop } = await withPasskey();
    const used = await laptop.get(await signInOptions());
    expect((await signIn(used)).status).toBe(204);
    expect(saysOf(await signIn(used))).toEqual(refused);

    const late = await laptop.get(await signInOptions());
    clock.advance(301);
    expect(saysOf(await signIn(late))).toEqual(refused);

    // Asked for to prove, shown to sign in, and the other way round.
    expect(saysOf(await signIn(await laptop.get(await proofOptions(person))))).toEqual(refused);
    expect(saysOf(await prove(person, await laptop.get(await signInOptions())))).toEqual(refused);

    const other = await signInAgain(server, person);
    expect(saysOf(await prove(other, await laptop.get(await proofOptions(person))))).toEqual(refused);

    const made = "A".repeat(43);
    expect(saysOf(await signIn(await laptop.get({ ...(await signInOptions()), challenge: made })))).toEqual(
      refused,
    );
  });

  it("to add one is bound to its session, and a passkey is added once", async () => {
    const laptop = await device();
    const [first, second] = [await newcomer(), await newcomer()];
    const optionsOf = async (one: PersonSession) =>
      (await one.send("POST", "/people/me/passkeys/options")).body.options;
    const add = (one: PersonSession, response: unknown) =>
      one.send("POST", "/people/me/passkeys", { name: "x", response });
    const response = await laptop.create(await optionsOf(first));
    expect(saysOf(await add(second, response))).toEqual(refused);
    // Spent by the wrong session? No: it was never that session's to spend.
    expect((await add(first, response)).status).toBe(201);
    expect(saysOf(await add(first, response))).toEqual(refused);
  });

  it("brings no certificate of a maker, whose address the server would have to follow", async () => {
    const person = await newcomer();
    const { options } = (await person.send("POST", "/people/me/passkeys/options")).body;
    expect(options.attestation).toBe("none");
    const key = await device({ transport: "usb" });
    const response = await key.create({ ...options, attestation: "direct" });
    const { attestationObject } = response.response as { attestationObject: string };
    expect(Buffer.from(attestationObject, "base64url").includes("x5c")).toBe(true);
    const answer = await person.send("POST", "/people/me/passkeys", { name: "x", response });
    expect(saysOf(answer)).toEqual(refused);
  });

  it("comes from this origin and for this site, from a person who unlocked it", async () => {
    const { laptop } = await withPasskey();
    const good = await laptop.get(await signInOptions());
    const { clientDataJSON } = good.response as { clientDataJSON: string };
    const forged = (change: object) => {
      const data = { ...JSON.parse(Buffer.from(clientDataJSON, "base64url").toString()), ...change };
      const json = Buffer.from(JSON.stringify(data)).toString("base64url");
      return { ...good, response: { ...(good.response as object), clientDataJSON: json } };
    };
    for (const change of [
      { origin: "http://localhost:1" },
      { origin: "https://evil.example" },
      { type: "webauthn.create" },
      { crossOrigin: true, topOrigin: "https://evil.example" },
    ]) {
      const options = await signInOptions();
      const asked = { ...change, challenge: options.challenge };
      expect(saysOf(await signIn(forged(asked))), JSON.stringify(change)).toEqual(refused);
    }
    // Another port of this machine is another origin, though a browser would use the same passkey there.
    const elsewhere = await startTestServer({ clock });
    try {
      await laptop.page.goto(`${elsewhere.url.replace("127.0.0.1", "localhost")}/api/v1/people/ways`);
      expect(saysOf(await signIn(await laptop.get(await signInOptions())))).toEqual(refused);
    } finally {
      await elsewhere.stop();
    }
    const { person: locked, laptop: phone } = await withPasskey();
    await phone.device.send("WebAuthn.setUserVerified", {
      authenticatorId: phone.authenticatorId,
      isUserVerified: false,
    });
    const options = { ...(await proofOptions(locked)), userVerification: "discouraged" };
    expect(saysOf(await prove(locked, await phone.get(options)))).toEqual(refused);
  });

  it("of a copied passkey is refused: its counter has not moved on", async () => {
    const { laptop } = await withPasskey();
    expect((await signIn(await laptop.get(await signInOptions()))).status).toBe(204);
    const { credentials } = await laptop.device.send("WebAuthn.getCredentials", {
      authenticatorId: laptop.authenticatorId,
    });
    const [copied] = credentials;
    if (!copied) throw new Error("There is no passkey to copy.");
    const copy = await device();
    await copy.device.send("WebAuthn.addCredential", {
      authenticatorId: copy.authenticatorId,
      credential: { ...copied, signCount: 0 },
    });
    expect(saysOf(await signIn(await copy.get(await signInOptions())))).toEqual(refused);
    expect((await signIn(await laptop.get(await signInOptions()))).status).toBe(204);
  });

  it("signs nobody in who has no workspace any more", async () => {
    const { person, laptop } = await withPasskey();
    await listens.database.kysely
      .updateTable("workspace_member")
      .set({ removed_at: clock.now() })
      .where("person_id", "=", person.id)
      .execute();
    expect(saysOf(await signIn(await laptop.get(await signInOptions())))).toEqual(refused);
  });
});

const newcomer = () => addPerson(server, { roles: ["operator"], factor: false });

describe("an address without a name", () => {
  it("has no passkeys, and the answer says where to go", async () => {
    const { status, body } = await listens.send("POST", "/api/v1/people/auth/passkey/options");
    expect([status, body.code]).toEqual([409, "PASSKEY_NEEDS_NAME"]);
    expect(body.title).toContain(server.url.replace("127.0.0.1", "localhost"));
  });

  it("is not where the sign-in link leads: that goes to localhost, where passkeys work", () => {
    expect(listens.signInLink).toContain(`${siteOf(listens)}/#sign-in=totem_link_`);
  });

  it("is refused by browsers themselves", async () => {
    const page = await device();
    await page.page.goto(`${listens.url}/api/v1/people/ways`);
    const options = await signInOptions();
    await expect(page.get({ ...options, rpId: "127.0.0.1" })).rejects.toThrow(/SecurityError|invalid domain/);
  });
});

describe("what a browser might send", () => {
  it("is refused in a sentence, whatever it is", async () => {
    const { person, laptop } = await withPasskey();
    const passkeys = "/people/me/passkeys";
    const optionsToAdd = async () => (await person.send("POST", `${passkeys}/options`)).body.options;
    const assertion = await laptop.get(await proofOptions(person));
    const attestation = await (await device()).create(await optionsToAdd());
    const codes = new Set<string>();
    const look = ({ status, body, text }: Answer, odd: unknown) => {
      expect(status, `${text} for ${JSON.stringify(odd).slice(0, 300)}`).toBeLessThan(500);
      codes.add(status < 300 ? "taken" : body.code);
    };
    for (const odd of oddForms(assertion))
      look(await prove(person, asked(odd, assertion, (await proofOptions(person)).challenge)), odd);
    for (const odd of oddForms(attestation)) {
      const response = asked(odd, attestation, (await optionsToAdd()).challenge);
      look(await person.send("POST", passkeys, { name: "odd", response }), odd);
    }
    for (const odd of oddForms(assertion).slice(0, 12)) look(await signIn(odd), odd);
    // A field that nobody reads may be odd; the second time the passkey is there already.
    expect([...codes].sort()).toEqual(["INPUT_INVALID", "PASSKEY_PRESENT", "PASSKEY_REFUSED", "taken"]);
  }, 120_000);
});

/** The same answer to a question of now, so that more than its challenge is looked at. */
function asked(odd: unknown, { response }: Json, challenge: string): unknown {
  const { clientDataJSON } = response as { clientDataJSON: string };
  const inner = (odd as Json | null)?.response as Json | undefined;
  if (inner?.clientDataJSON !== clientDataJSON) return odd;
  const data = { ...JSON.parse(Buffer.from(clientDataJSON, "base64url").toString()), challenge };
  const json = Buffer.from(JSON.stringify(data)).toString("base64url");
  return { ...(odd as Json), response: { ...inner, clientDataJSON: json } };
}

type Json = Record<string, unknown>;
const oddValues = [null, 0, -1, "", "a", "A".repeat(9_000), "%%", [], {}, true, "é", { length: 5 }];

/** Every field left out, and every field with every odd value, one at a time, two deep; and cut and turned bytes. */
function oddForms(good: Json): unknown[] {
  const inner = good.response as Json;
  const forms: unknown[] = [...oddValues];
  for (const field of ["id", "rawId", "type", "response"]) {
    const { [field]: _, ...without } = good;
    forms.push(without, ...oddValues.map((odd) => ({ ...good, [field]: odd })));
  }
  for (const field of [
    "clientDataJSON",
    "authenticatorData",
    "signature",
    "attestationObject",
    "userHandle",
  ]) {
    if (!(field in inner)) continue;
    const value = String(inner[field]);
    const bytes = Buffer.from(value, "base64url");
    const turned = Buffer.from(bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 255 : byte)));
    const cut = [
      value.slice(0, 9),
      value.slice(4),
      turned.toString("base64url"),
      random.bytes(300).toString("base64url"),
    ];
    for (const odd of [...oddValues, ...cut]) forms.push({ ...good, response: { ...inner, [field]: odd } });
  }
  // CBOR that nests deeper than a stack, and JSON that is no object.
  forms.push({
    ...good,
    response: { ...inner, attestationObject: Buffer.alloc(9_000, 0x81).toString("base64url") },
  });
  for (const json of ["null", "[]", "7", '{"challenge":{}}'])
    forms.push({ ...good, response: { ...inner, clientDataJSON: Buffer.from(json).toString("base64url") } });
  return forms;
}

it("leaves no challenge and no proof readable in the database", async () => {
  const { challenge } = await signInOptions();
  const rows = [...(await everyRow(listens.database.kysely)).values()].flat().join("\n");
  expect(rows).not.toContain(challenge);
  expect(rows).not.toContain(owner.proof);
});
