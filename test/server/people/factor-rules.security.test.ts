import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { type AddedPerson, addPerson, signInAgain } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
const sha1 = { algorithm: "SHA1", digits: 6, period: 30 } as const;

beforeAll(async () => {
  server = await startTestServer({ clock });
  await signInPerson(server);
});
afterAll(() => server.stop());

const newcomer = (proved?: false) =>
  addPerson(server, { roles: ["operator"], factor: false, ...(proved === false ? { proved } : {}) });
const enrol = (person: PersonSession) => person.send("POST", "/auth/second-step");
function secretIn(answer: { body: { otpauth_uri: string } }): string {
  const read = readOtpauthUri(answer.body.otpauth_uri);
  if (!("secret" in read)) throw new Error("The URI cannot be read.");
  return read.secret;
}
const codeOf = (secret: string) => independentCode(secret, sha1, clock.now());
const confirm = (person: PersonSession, code: string) =>
  person.send("POST", "/auth/second-step/confirm", { code });
/** The ways to a first factor over HTTP. A passkey's second half needs its options, which are refused already. */
const waysToAFactor = [
  ["POST", "/auth/second-step"],
  ["POST", "/people/me/passkeys/options"],
] as const;
const rowsOf = (person: AddedPerson) =>
  server.database.kysely
    .selectFrom("audit_event")
    .select(["action", "result"])
    .where("subject_id", "=", person.id)
    .where("actor_id", "=", person.id)
    .orderBy("id")
    .execute();

describe("H3: a person's first factor", () => {
  it("is added within ten minutes of the sign-in, and not with a session that was taken later", async () => {
    const person = await newcomer();
    clock.advance(600);
    const made = await enrol(person);
    expect(made.status).toBe(201);
    const late = await newcomer();
    clock.advance(601);
    expect((await late.send("GET", "/people/me")).body.may_enrol_first_factor).toBe(false);
    const site = server.url.replace("127.0.0.1", "localhost");
    for (const [method, path] of waysToAFactor) {
      const { cookie, proof } = late;
      const headers = { cookie, "x-totem-proof": proof };
      const answer = await fetch(`${site}/api/v1${path}`, { method, headers });
      expect([answer.status, (await answer.json()).code], path).toEqual([403, "FACTOR_TOO_LATE"]);
    }
    // Nor is one that was begun in time confirmed later: a code shows the thief's device as well as the owner's.
    expect((await confirm(person, codeOf(secretIn(made)))).body.code).toBe("FACTOR_TOO_LATE");
    expect((await person.send("GET", "/auth/second-step")).body).toEqual({ on: false });
    const back = await signInAgain(server, person);
    expect((await confirm(back, codeOf(secretIn(made)))).body).toEqual({ on: true });
  });

  it("opens every workspace of the person, so it is not added by a way in that one workspace gives", async () => {
    const person = await newcomer();
    const db = server.database.kysely;
    const other = (await server.api("POST", "/workspaces", { name: "Second home" })).body.id;
    await db
      .insertInto("workspace_member")
      .values({ workspace_id: other, person_id: person.id, roles: ["builder"], created_at: clock.now() })
      .execute();
    const signInBy = (way: "single_sign_on" | "invitation" | "link") =>
      db
        .updateTable("studio_session")
        .set({ signed_in_by: way })
        .where("person_id", "=", person.id)
        .execute();
    for (const way of ["single_sign_on", "invitation"] as const) {
      await signInBy(way);
      expect((await enrol(person)).body.code, way).toBe("FACTOR_TOO_LATE");
    }
    await signInBy("link");
    expect((await enrol(person)).status).toBe(201);
  });

  it("proves nothing before it is confirmed, not by its codes and not by its backup codes", async () => {
    const person = await newcomer(false);
    const made = await enrol(person);
    for (const code of [codeOf(secretIn(made)), made.body.backup_codes[0]]) {
      expect((await person.send("POST", "/people/me/proof", { code })).body.code).toBe("SECOND_STEP_MISSING");
      const headers = { "x-totem-code": code };
      const change = await person.send("PATCH", "/people/me", { email: "x@example.com" }, headers);
      expect(change.body.code).toBe("SECOND_STEP_MISSING");
    }
    expect((await confirm(person, made.body.backup_codes[0])).body.code).toBe("CODE_REJECTED");
    expect((await confirm(person, codeOf(secretIn(made)))).body).toEqual({ on: true });
    expect((await confirm(person, codeOf(secretIn(made)))).body.code).toBe("SECOND_STEP_PRESENT");
  });

  it("is a fresh proof, and ends the person's other sessions", async () => {
    const person = await newcomer();
    const elsewhere = await signInAgain(server, person);
    const made = await enrol(person);
    clock.advance(500);
    expect((await elsewhere.send("GET", "/whoami")).status).toBe(200);
    expect((await confirm(person, codeOf(secretIn(made)))).status).toBe(200);
    expect((await elsewhere.send("GET", "/whoami")).status).toBe(401);
    const until = new Date(clock.now().getTime() + 600_000).toISOString();
    expect((await person.send("GET", "/people/me")).body.proved_until).toBe(until);
    expect((await rowsOf(person)).map(({ action }) => action)).toEqual([
      "second_step.enrolled",
      "second_step.confirmed",
      "second_step.checked",
    ]);
  });
});

describe("H3: a further factor, and the end of one", () => {
  it("need a fresh proof, also in a session of a minute ago", async () => {
    const person = await addPerson(server, { roles: ["operator"] });
    // By a link, which is no proof of a person who has a factor.
    const other = await signInAgain(server, person);
    const site = server.url.replace("127.0.0.1", "localhost");
    const { cookie, proof } = other;
    const options = await fetch(`${site}/api/v1/people/me/passkeys/options`, {
      method: "POST",
      headers: { cookie, "x-totem-proof": proof },
    });
    expect([options.status, (await options.json()).code]).toEqual([403, "FRESH_PROOF_NEEDED"]);
    for (const [method, path, body] of [
      ["POST", "/auth/second-step", undefined],
      ["POST", "/auth/second-step/backup-codes", undefined],
      ["DELETE", "/auth/second-step", {}],
      ["DELETE", "/auth/second-step", undefined],
      ["PUT", "/people/me/password", { password: "correct horse battery" }],
      ["DELETE", "/people/me/password", undefined],
      ["DELETE", "/people/me/passkeys/00000000-0000-4000-8000-000000000000", undefined],
    ] as const)
      expect((await other.send(method, path, body)).body.code, path).toBe("FRESH_PROOF_NEEDED");
    expect((await other.send("GET", "/auth/second-step")).body).toEqual({ on: true });
  });

  it("takes ten new backup codes in place of the old ones", async () => {
    const person = await addPerson(server, { roles: ["operator"] });
    const before = person.code();
    const elsewhere = await signInAgain(server, person);
    const renewed = await person.send("POST", "/auth/second-step/backup-codes");
    expect([renewed.status, renewed.body.backup_codes.length]).toEqual([201, 10]);
    expect((await elsewhere.send("GET", "/whoami")).status).toBe(401);
    const prove = (code: string) => person.send("POST", "/people/me/proof", { code });
    expect((await prove(before)).body.code).toBe("CODE_REJECTED");
    expect((await prove(renewed.body.backup_codes[3])).status).toBe(200);
  });

  it("lets the last one go with a fresh proof only, and the password with it", async () => {
    const person = await addPerson(server, { roles: ["operator"] });
    const password = "plum harbour violin nine";
    expect((await person.send("PUT", "/people/me/password", { password })).status).toBe(204);
    await person.forgetProof();
    const remove = (body?: object) => person.send("DELETE", "/auth/second-step", body);
    expect((await remove({ code: "000000" })).body.code).toBe("CODE_REJECTED");
    expect((await remove({ code: person.code() })).body).toEqual({ on: false });
    expect((await person.send("GET", "/people/me")).body).toMatchObject({
      has_password: false,
      second_step: { on: false },
    });
    expect((await remove({})).body.code).toBe("SECOND_STEP_MISSING");
    // The next one is a first one again.
    clock.advance(601);
    expect((await enrol(person)).body.code).toBe("FACTOR_TOO_LATE");
  });

  it("does not let a key of a program change a person's factor", async () => {
    for (const [method, path, body] of [
      ...waysToAFactor,
      ["PUT", "/people/me/password", { password: "correct horse battery" }],
    ] as const)
      expect((await server.api(method, path, body)).status, path).toBe(403);
  });
});

describe("H8: a person who lost every factor", () => {
  it("comes back by a link of the server's command line that takes them away, and by no other link", async () => {
    const person = await addPerson(server, { roles: ["operator"] });
    const password = "plum harbour violin nine";
    expect((await person.send("PUT", "/people/me/password", { password })).status).toBe(204);
    const linked = async (body: object) => {
      const answer = await server.api("POST", "/people/links", { email: person.email, ...body });
      expect(answer.status).toBe(201);
      return signInPerson(server, { link: answer.body.link.split("#sign-in=")[1] });
    };
    const stuck = await linked({});
    expect((await enrol(stuck)).body.code).toBe("FRESH_PROOF_NEEDED");
    const back = await linked({ without_factors: true });
    for (const ended of [person, stuck]) expect((await ended.send("GET", "/whoami")).status).toBe(401);
    expect((await back.send("GET", "/people/me")).body).toMatchObject({
      id: person.id,
      second_step: { on: false, backup_codes_left: 0 },
      has_password: false,
      may_enrol_first_factor: true,
    });
    expect((await confirm(back, codeOf(secretIn(await enrol(back))))).body).toEqual({ on: true });
    const rows = await server.database.kysely
      .selectFrom("audit_event")
      .select(["action", "actor_id"])
      .where("subject_id", "=", person.id)
      .where("action", "=", "person.factors_removed")
      .execute();
    expect(rows).toEqual([{ action: "person.factors_removed", actor_id: "totem_admin" }]);
  });
});

describe("a clock that is off", () => {
  it("takes codes of the neighbouring steps only, and the refusal says to look at the clock", async () => {
    const person = await newcomer();
    const secret = secretIn(await enrol(person));
    const codeAfter = (seconds: number) =>
      independentCode(secret, sha1, new Date(clock.now().getTime() + seconds * 1000));
    expect((await confirm(person, codeAfter(0))).status).toBe(200);
    for (const seconds of [-300, -60, 60, 300]) {
      const { body } = await person.send("POST", "/people/me/proof", { code: codeAfter(seconds) });
      expect([body.code, body.detail ?? body.title]).toEqual([
        "CODE_REJECTED",
        expect.stringContaining("clock"),
      ]);
      clock.advance(90);
    }
    for (const seconds of [-30, 0, 30]) {
      clock.advance(90);
      const { status } = await person.send("POST", "/people/me/proof", { code: codeAfter(seconds) });
      expect(status, String(seconds)).toBe(200);
    }
  });
});
