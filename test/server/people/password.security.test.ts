import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson, signInAgain } from "../../support/add-person.ts";
import { everyRow } from "../../support/every-row.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { sessionOf, signInPerson } from "../../support/person-session.ts";
import { random } from "../../support/seeded-random.ts";
import { type Answer, startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
const password = "plum harbour violin nine";
let server: TestServer;
const newProof = () => random.bytes(32).toString("base64url");

beforeAll(async () => {
  server = await startTestServer({ clock });
  await signInPerson(server);
});
afterAll(() => server.stop());

async function withPassword(email: string): Promise<AddedPerson> {
  const person = await addPerson(server, { roles: ["operator"], email, name: "Grace Hopper" });
  expect((await set(person, password)).status).toBe(204);
  return person;
}
const set = (person: Pick<AddedPerson, "send">, value: unknown) =>
  person.send("PUT", "/people/me/password", { password: value });

interface Try {
  readonly email: string;
  readonly password?: string;
  readonly code?: string;
  readonly cookie?: string;
  readonly proof?: string;
}
const signIn = ({ email, code = "000000", cookie, proof = newProof(), ...more }: Try): Promise<Answer> =>
  server.send(
    "POST",
    "/api/v1/people/auth/password",
    { email, code, password: more.password ?? password },
    { "x-totem-proof": proof, ...(cookie === undefined ? {} : { cookie }) },
  );
/** What an answer says, without the name of the request. */
const said = ({ status, body }: Answer) => ({ status, ...body, instance: "" });
const deviceOf = (answer: Answer): string =>
  answer.headers
    .getSetCookie()
    .find((one) => one.startsWith("__Host-totem-device="))
    ?.split(";")[0] ?? "";

describe("a new password", () => {
  it("has 12 characters as people count them, and is none that guessers try first", async () => {
    const person = await addPerson(server, {
      roles: ["operator"],
      email: "margaret.hamilton@example.com",
      name: "Margaret Hamilton",
    });
    for (const [weak, why] of [
      ["elevenchars", "at least 12"],
      ["", "at least 12"],
      ["😀".repeat(11), "at least 12"],
      ["qwerty123456", "most used"],
      ["Qwertyuiop123!", "most used"],
      ["P4$$w0rd12345", "most used"],
      ["sunshinesunshine", "most used"],
      ["aaaaaaaaaaaaaa", "row of letters"],
      ["abcabcabcabcab", "row of letters"],
      ["123456789012", "row of letters"],
      ["zyxwvutsrqponm", "row of letters"],
      ["margaret.hamilton@example.com", "own name"],
      ["MargaretHamilton1", "own name"],
      ["hamilton-2026", "own name"],
      ["totemtotemtotem1", "row of letters|own name"],
      [random.bytes(501).toString("hex"), "at most 1000"],
    ] as const) {
      const answer = await set(person, weak);
      expect([answer.status, answer.body.code], weak).toEqual([400, "INPUT_INVALID"]);
      expect(answer.body.fields?.[0]?.problem ?? answer.text, weak).toMatch(new RegExp(why));
      if (weak !== "") expect(answer.text).not.toContain(weak);
    }
    for (const good of [
      "correct horse battery",
      `${"😀🎉🌵🚲".repeat(2)}zebra`,
      "Straße über Öland",
      random.bytes(500).toString("hex"),
    ])
      expect((await set(person, good)).status, good).toBe(204);
  });

  it("says what is missing before it: an address, a second factor, or both", async () => {
    const bare = await addPerson(server, { roles: ["operator"], email: null, factor: false });
    const refused = await set(bare, password);
    expect([refused.status, refused.body.code]).toEqual([409, "PASSWORD_NOT_READY"]);
    expect(refused.body.title).toMatch(/an e-mail address and an authenticator or a passkey/);
    const lone = await addPerson(server, { roles: ["operator"], factor: false });
    expect((await set(lone, password)).body.title).toMatch(/^Before a password, add an authenticator/);
    const nameless = await addPerson(server, { roles: ["operator"], email: null });
    expect((await set(nameless, password)).body.title).toMatch(/add an e-mail address\.$/);
  });

  it("ends the person's other sessions, and so does its removal", async () => {
    const person = await addPerson(server, { roles: ["operator"], email: "ends@example.com" });
    const change = async (act: () => Promise<Answer>) => {
      const elsewhere = await signInAgain(server, person);
      expect((await act()).status).toBe(204);
      expect((await elsewhere.send("GET", "/whoami")).status).toBe(401);
      expect((await person.send("GET", "/whoami")).status).toBe(200);
    };
    await change(() => set(person, password));
    await change(() => person.send("DELETE", "/people/me/password"));
    expect((await person.send("GET", "/people/me")).body.has_password).toBe(false);
    expect((await signIn({ email: "ends@example.com", code: person.code() })).status).toBe(401);
  });
});

describe("signing in by a password", () => {
  it("needs a code of the authenticator too, once each, and is a fresh proof", async () => {
    const person = await withPassword("grace@example.com");
    const [code, proof] = [person.code(), newProof()];
    const answer = await signIn({ email: "Grace@Example.com", code, proof });
    expect([answer.status, answer.text]).toEqual([204, ""]);
    const { body } = await sessionOf(server, answer, proof).send("GET", "/people/me");
    expect(body).toMatchObject({
      id: person.id,
      signed_in_by: "password",
      proved_until: new Date(clock.now().getTime() + 600_000).toISOString(),
    });
    expect((await signIn({ email: "grace@example.com", code })).body.code).toBe("SIGN_IN_REFUSED");
  });

  it("takes one text however a keyboard composed it", async () => {
    const person = await addPerson(server, { roles: ["operator"], email: "nfkc@example.com" });
    expect((await set(person, "Ångström über alles ﬁne")).status).toBe(204);
    const other = "A\u030Angstro\u0308m u\u0308ber alles fine";
    expect((await signIn({ email: "nfkc@example.com", code: person.code(), password: other })).status).toBe(
      204,
    );
  });

  it("answers the same for a wrong password, a wrong code, no password and nobody", async () => {
    const person = await withPassword("same@example.com");
    const bare = await addPerson(server, { roles: ["operator"], email: "bare@example.com" });
    const answers = [
      await signIn({ email: "same@example.com", password: "quite another one", code: person.code() }),
      await signIn({ email: "same@example.com", code: "000000" }),
      await signIn({ email: "bare@example.com", code: bare.code() }),
      await signIn({ email: "nobody@example.com" }),
    ];
    for (const answer of answers) expect(said(answer)).toEqual(said(answers[0] as Answer));
    expect(answers[0]?.body).toMatchObject({ status: 401, code: "SIGN_IN_REFUSED" });
    expect(answers[0]?.body.title).toContain("clock");
    for (const answer of answers) expect(answer.headers.getSetCookie()).toEqual([]);
    const rows = await server.database.kysely
      .selectFrom("audit_event")
      .select(["actor_id", "reason"])
      .where("action", "=", "studio.signed_in")
      .where("result", "=", "refused")
      .orderBy("id", "desc")
      .limit(2)
      .execute();
    expect(rows).toEqual([
      { actor_id: "unknown", reason: "password" },
      { actor_id: bare.id, reason: "password" },
    ]);
  });

  it("is refused after the person was removed from every workspace", async () => {
    const person = await withPassword("gone@example.com");
    await server.database.kysely
      .updateTable("workspace_member")
      .set({ removed_at: clock.now() })
      .where("person_id", "=", person.id)
      .execute();
    const refused = await signIn({ email: "gone@example.com", code: person.code() });
    expect(refused.body.code).toBe("SIGN_IN_REFUSED");
  });
});

describe("H8: wrong passwords", () => {
  it("never reach the lock of a person's authenticator", async () => {
    const person = await withPassword("locked@example.com");
    for (let time = 0; time < 8; time++)
      expect((await signIn({ email: "locked@example.com", password: "not this one, no" })).status).toBe(401);
    const { failures_in_a_row, locked_until } = await server.database.kysely
      .selectFrom("second_step")
      .select(["failures_in_a_row", "locked_until"])
      .where("person_id", "=", person.id)
      .executeTakeFirstOrThrow();
    expect([failures_in_a_row, locked_until]).toEqual([0, null]);
    expect((await person.send("POST", "/people/me/proof", { code: person.code() })).status).toBe(200);
  });

  it("do not say that a password is right while the authenticator is locked", async () => {
    const person = await withPassword("quiet@example.com");
    for (let time = 0; time < 5; time++)
      expect((await person.send("POST", "/people/me/proof", { code: "000000" })).body.code).toBe(
        "CODE_REJECTED",
      );
    const [right, wrong] = [
      await signIn({ email: "quiet@example.com", code: person.code() }),
      await signIn({ email: "quiet@example.com", password: "not this one, no" }),
    ];
    expect(said(right)).toEqual(said(wrong));
    expect(right.body.code).toBe("SIGN_IN_REFUSED");
  });

  it("are limited, and shut out no browser in which the person signed in before, nor a link", async () => {
    const person = await withPassword("owner@example.com");
    const known = await signIn({ email: "owner@example.com", code: person.code() });
    const cookie = deviceOf(known);
    expect(known.headers.getSetCookie().find((one) => one.startsWith(cookie))).toMatch(
      /HttpOnly; Secure; SameSite=Strict/,
    );
    // As many as a stranger has.
    const { rows } = await strangersTryOften("owner@example.com");
    expect(rows).toBe(10);
    const limited = await signIn({ email: "owner@example.com", code: person.code() });
    expect([limited.status, limited.body.code]).toEqual([429, "RATE_LIMITED"]);
    expect(Number(limited.headers.get("retry-after"))).toBe(3600);
    const nobody = await signIn({ email: "nobody-here@example.com" });
    expect(nobody.status).toBe(401);
    expect((await signIn({ email: "owner@example.com", code: person.code(), cookie })).status).toBe(204);
    expect((await signInAgain(server, person)).cookie).not.toBe("");
    // Neither another person's browser nor a changed mark counts as the owner's.
    const other = await withPassword("other@example.com");
    const others = deviceOf(await signIn({ email: "other@example.com", code: other.code() }));
    for (const mark of [others, `${cookie.slice(0, -4)}AAAA`, "__Host-totem-device=v1.1.x"])
      expect((await signIn({ email: "owner@example.com", code: person.code(), cookie: mark })).status).toBe(
        429,
      );
    clock.advance(3601);
    expect((await signIn({ email: "owner@example.com", code: person.code() })).status).toBe(204);
  });
});

/** Wrong tries of a stranger, counted as the server counts them. */
async function strangersTryOften(email: string): Promise<{ rows: number }> {
  let rows = 0;
  for (let time = 0; time < 12; time++) {
    const { status } = await signIn({ email, password: "not this one, no" });
    if (status === 401) rows++;
  }
  return { rows };
}

it("leaves nothing readable in the database, in a log or in an answer", async () => {
  const rows = [...(await everyRow(server.database.kysely)).values()].flat().join("\n");
  const log = server.log.join("\n");
  for (const secret of [password, "correct horse battery", "scrypt.15"]) {
    expect(rows).not.toContain(secret);
    expect(log).not.toContain(secret);
  }
  expect(log).not.toContain("__Host-totem-device");
});
