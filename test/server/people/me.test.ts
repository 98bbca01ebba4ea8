import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let owner: PersonSession;

beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

describe("the ways to sign in", () => {
  it("say whether there are people, and no name of one", async () => {
    const ways = () => server.send("GET", "/api/v1/people/ways");
    expect((await ways()).body).toEqual({ has_people: false, single_sign_on: [] });
    owner = await signInPerson(server);
    await owner.send("PATCH", "/people/me", { name: "Ada Hidden" });
    const { status, body, text } = await ways();
    expect([status, body.has_people]).toEqual([200, true]);
    expect(text).not.toContain("Hidden");
  });
});

describe("what is a person's own", () => {
  it("begins as an owner without a name, who may add a first factor", async () => {
    const { status, body } = await owner.send("GET", "/people/me");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      email: null,
      roles: ["owner"],
      workspaces: [{ roles: ["owner"], current: true }],
      signed_in_by: "key",
      passkeys: [],
      second_step: { on: false, backup_codes_left: 0 },
      has_password: false,
      may_enrol_first_factor: true,
      proved_until: "2026-01-01T00:10:00.000Z",
    });
  });

  it("is a name and an address, which no other person has", async () => {
    const other = await addPerson(server, { roles: ["builder"], email: "taken@example.com" });
    const named = await owner.send("PATCH", "/people/me", { name: " Ada ", email: "ADA@Example.com" });
    expect(named.body).toMatchObject({ name: "Ada", email: "ada@example.com" });
    const taken = await owner.send("PATCH", "/people/me", { email: "Taken@example.com" });
    expect([taken.status, taken.body.code]).toEqual([400, "INPUT_INVALID"]);
    expect(taken.text).not.toMatch(/taken@/i);
    expect((await other.send("GET", "/people/me")).body.email).toBe("taken@example.com");
  });

  it("H4: is no name that looks like another, like a key, or like more than one line", async () => {
    const mallory = await addPerson(server, { roles: ["builder"], name: "Mallory" });
    const call = async (name: string) => (await mallory.send("PATCH", "/people/me", { name })).body;
    for (const name of [
      "totem_admin",
      "Administrator",
      "Ada\nBen",
      "\u202eadA",
      "A\u200bda",
      "\u001b[31mAda",
    ])
      expect((await call(name)).code, JSON.stringify(name)).toBe("INPUT_INVALID");
    for (const name of ["Ægir Ólafsdóttir", "علی\u200cرضا", "李小龍", "O'Neill, jr."])
      expect((await call(name)).name).toBe(name);
  });

  it("needs a fresh proof where the address changes, and none for the name", async () => {
    const operator = await addPerson(server, { roles: ["operator"], proved: false });
    const change = (body: object, code?: string) =>
      operator.send("PATCH", "/people/me", body, code === undefined ? {} : { "x-totem-code": code });
    expect((await change({ name: "Bo" })).body).toMatchObject({ name: "Bo", proved_until: null });
    expect((await change({ email: "bo@example.com" })).body.code).toBe("FRESH_PROOF_NEEDED");
    expect((await change({ email: "bo@example.com" }, operator.code())).body.email).toBe("bo@example.com");
  });

  it("is proved by a code for ten minutes", async () => {
    const operator = await addPerson(server, { roles: ["operator"], proved: false });
    const proof = await operator.send("POST", "/people/me/proof", { code: operator.code() });
    expect([proof.status, proof.body]).toEqual([200, { proved_until: "2026-01-01T00:10:00.000Z" }]);
    const { body } = await operator.send("GET", "/people/me");
    expect(body).toMatchObject({ proved_until: proof.body.proved_until, second_step: { on: true } });
    expect(body.second_step.backup_codes_left).toBe(9);
    expect((await operator.send("POST", "/people/me/proof", { code: "000000" })).body.code).toBe(
      "CODE_REJECTED",
    );
  });

  it("is no program's", async () => {
    expect((await server.api("GET", "/people/me")).status).toBe(403);
    expect((await server.send("GET", "/api/v1/people/me")).status).toBe(401);
  });
});

it("a passkey gets another name, with a row in the audit log, and no other person's does", async () => {
  const [ada, ben] = [
    await addPerson(server, { roles: ["operator"] }),
    await addPerson(server, { roles: ["operator"] }),
  ];
  const { id: person_id } = (await ada.send("GET", "/people/me")).body;
  const id = random.uuid();
  await server.database.kysely
    .insertInto("passkey")
    .values({
      ...{ id, person_id, credential_id: id, public_key: "", counter: 0, transports: [], name: "Phone" },
      ...{ synced: false, created_at: new Date(0) },
    })
    .execute();
  const rename = (by: typeof ada) => by.send("PATCH", `/people/me/passkeys/${id}`, { name: "Old phone" });
  expect((await rename(ben)).body.code).toBe("PASSKEY_NOT_FOUND");
  expect((await rename(ada)).body).toMatchObject({ id, name: "Old phone" });
  const { audit_events } = (await server.api("GET", "/audit-events?limit=1")).body;
  expect(audit_events[0]).toMatchObject({ action: "passkey.renamed", reason: "Old phone" });
});
