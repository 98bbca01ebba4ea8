import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { addPerson } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { type PersonSession, sessionOf, signInPerson } from "../../support/person-session.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
const clock = fixedClock();
beforeAll(async () => {
  server = await startTestServer({
    clock,
    settings: { TOTEM_SESSION_IDLE_HOURS: "2", TOTEM_SESSION_DAYS: "1" },
  });
});
afterAll(() => server.stop());

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const signInWith = async (userAgent: string): Promise<PersonSession> => {
  const proof = random.bytes(32).toString("base64url");
  const headers = { "x-totem-proof": proof, "user-agent": userAgent };
  const answer = await server.send("POST", "/api/v1/auth/sign-in", { key: server.adminKey }, headers);
  return sessionOf(server, answer, proof);
};
const sessions = async (person: PersonSession) =>
  (await person.send("GET", "/people/me/sessions")).body.sessions;
const isOpen = async (person: PersonSession) => (await person.send("GET", "/whoami")).status === 200;

describe("H6: the sessions of a person", () => {
  it("are listed with device, place and last use, the one that asks first", async () => {
    const one = await signInWith(firefox);
    clock.advance(90);
    const two = await signInPerson(server);
    clock.advance(90);
    await isOpen(one);
    const list = await sessions(two);
    expect(list).toMatchObject([
      { device: "An unknown device", current: true },
      {
        device: "Firefox on Linux",
        ip: expect.stringMatching(/127\.0\.0\.1|::1/),
        signed_in_by: "key",
        last_seen_at: clock.now().toISOString(),
        expires_at: new Date(clock.now().getTime() + 2 * 3_600_000).toISOString(),
        current: false,
      },
    ]);
    for (const secret of [one.cookie.split("=")[1], one.proof])
      expect(JSON.stringify(list)).not.toContain(secret);
  });

  it("are no longer listed once they have ended, idle or old: both are settings", async () => {
    const one = await signInPerson(server);
    clock.advance(2 * 3_600 + 1);
    expect(await isOpen(one)).toBe(false);
    const two = await signInPerson(server);
    expect(await sessions(two)).toHaveLength(1);
    for (let hours = 0; hours < 23; hours++) {
      clock.advance(3_600);
      expect(await isOpen(two)).toBe(true);
    }
    clock.advance(3_601);
    expect(await isOpen(two)).toBe(false);
  });

  it("end by signing out, with a row in the audit log", async () => {
    const person = await signInPerson(server);
    const { id } = (await sessions(person))[0];
    expect((await person.send("DELETE", "/auth/sign-in")).status).toBe(204);
    expect(await isOpen(person)).toBe(false);
    const { audit_events } = (await server.api("GET", "/audit-events?limit=1")).body;
    expect(audit_events[0]).toMatchObject({ action: "studio.session_ended", subject: id });
  });

  it("end one by one, or all of them, at once and with a row in the audit log", async () => {
    const [one, two, three] = [
      await signInPerson(server),
      await signInPerson(server),
      await signInPerson(server),
    ];
    const id = (await sessions(one))[0].id;
    expect((await two.send("DELETE", `/people/me/sessions/${id}`)).status).toBe(204);
    expect([await isOpen(one), await isOpen(two), await isOpen(three)]).toEqual([false, true, true]);
    expect((await two.send("DELETE", `/people/me/sessions/${id}`)).body.code).toBe("SESSION_NOT_FOUND");
    const all = await two.send("DELETE", "/people/me/sessions");
    expect([all.status, all.headers.getSetCookie()[0]]).toEqual([
      204,
      expect.stringMatching(/^__Host-totem=;/),
    ]);
    expect([await isOpen(two), await isOpen(three)]).toEqual([false, false]);
    const { audit_events } = (await server.api("GET", "/audit-events?limit=3")).body;
    expect(audit_events.map(({ action }: { action: string }) => action)).toEqual(
      Array.from({ length: 3 }, () => "studio.session_ended"),
    );
  });

  it("are no other person's, and no program has any", async () => {
    const person = await signInPerson(server);
    const id = (await sessions(person))[0].id;
    expect((await server.api("GET", "/people/me/sessions")).body.code).toBe("FORBIDDEN");
    expect((await server.api("DELETE", `/people/me/sessions/${id}`)).body.code).toBe("FORBIDDEN");
    expect((await server.api("DELETE", "/people/me/sessions")).body.code).toBe("FORBIDDEN");
    expect(await isOpen(person)).toBe(true);

    const other = await addPerson(server, { roles: ["operator"] });
    expect(await sessions(other)).toHaveLength(1);
    expect((await other.send("DELETE", `/people/me/sessions/${id}`)).body.code).toBe("SESSION_NOT_FOUND");
    expect((await other.send("DELETE", "/people/me/sessions")).status).toBe(204);
    expect([await isOpen(other), await isOpen(person)]).toEqual([false, true]);
  });

  it("other than the one it happens in end when a factor changes", async () => {
    const clean = await startTestServer({ clock });
    const [one, two] = [await signInPerson(clean), await signInPerson(clean)];
    const { body } = await one.send("POST", "/auth/second-step");
    const read = readOtpauthUri(body.otpauth_uri);
    if (!("secret" in read)) throw new Error("The URI cannot be read.");
    expect(await isOpen(two)).toBe(true);
    const code = independentCode(read.secret, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now());
    expect((await one.send("POST", "/auth/second-step/confirm", { code })).body).toEqual({ on: true });
    expect([await isOpen(one), await isOpen(two)]).toEqual([true, false]);
    await clean.stop();
  });
});
