import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson, type NewPersonOptions, signInAgain } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { type PersonSession, sessionOf, signInPerson } from "../../support/person-session.ts";
import { random } from "../../support/seeded-random.ts";
import { type Answer, startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let owner: PersonSession;

beforeAll(async () => {
  server = await startTestServer({ clock });
  owner = await signInPerson(server);
});
afterAll(() => server.stop());

type Api = (method: string, path: string, body?: unknown) => Promise<Answer>;

const codeOf = ({ status, body }: Answer) => (status < 300 ? status : `${status} ${body.code}`);
const invite = async (email: string, roles: string[] = ["builder"], by: Api = owner.send) => {
  const { status, body } = await by("POST", "/people/invitations", { email, roles });
  expect(status, JSON.stringify(body)).toBe(201);
  return { id: body.id, token: body.link.split("#invitation=")[1] as string, body };
};
const read = (token: string) => server.send("POST", "/api/v1/people/auth/invitation/read", { token });
const acceptUrl = "/api/v1/people/auth/invitation";
const accept = (token: string, name?: string, headers: Record<string, string> = {}) =>
  server.send("POST", acceptUrl, { token, name }, { "x-totem-proof": newProof(), ...headers });
const newProof = () => random.bytes(32).toString("base64url");
const comeIn = async (token: string, name?: string) => {
  const proof = newProof();
  const answer = await accept(token, name, { "x-totem-proof": proof });
  expect(answer.status, answer.text).toBe(204);
  return sessionOf(server, answer, proof);
};
const meOf = async (session: PersonSession) => (await session.send("GET", "/people/me")).body;
const statesOf = async (email: string, by: Api = owner.send) =>
  (await by("GET", "/people/invitations")).body.invitations
    .filter((one: { email: string }) => one.email === email)
    .map(({ state }: { state: string }) => state);
const newWorkspace = async (name: string) => {
  const { body } = await server.api("POST", "/workspaces", { name });
  return { id: body.id as string, name, as: server.as(body.key) };
};
const newcomer = (options: NewPersonOptions) => addPerson(server, options);

describe("H7: an invitation", () => {
  it("signs a new person in, with its address and roles, and lets them enrol a first factor", async () => {
    const { token, body } = await invite("Mary@Example.com", ["operator", "auditor"]);
    expect(body).toMatchObject({ email: "mary@example.com", state: "open", roles: ["operator", "auditor"] });
    expect(Date.parse(body.expires_at) - clock.now().getTime()).toBe(72 * 3_600_000);
    expect((await read(token)).body).toEqual({
      email: "mary@example.com",
      roles: ["operator", "auditor"],
      workspace: "default",
      invited_by: (await owner.send("GET", "/whoami")).body.name,
      expires_at: body.expires_at,
    });
    const mary = await comeIn(token, "Mary");
    expect(await meOf(mary)).toMatchObject({
      name: "Mary",
      email: "mary@example.com",
      roles: ["operator", "auditor"],
      signed_in_by: "invitation",
      may_enrol_first_factor: true,
    });
    expect(await statesOf("mary@example.com")).toEqual(["accepted"]);
  });

  it("works once", async () => {
    const { token } = await invite("once@example.com");
    await comeIn(token);
    expect(codeOf(await accept(token))).toBe("404 INVITATION_NOT_FOUND");
    expect(codeOf(await read(token))).toBe("404 INVITATION_NOT_FOUND");
  });

  it("lets exactly one of two in who accept it at the same time", async () => {
    for (const email of ["race@example.com", "again@example.com"]) {
      const { token } = await invite(email);
      const answers = await Promise.all([accept(token), accept(token), accept(token)]);
      expect(answers.map(codeOf).sort()).toEqual([
        204,
        "404 INVITATION_NOT_FOUND",
        "404 INVITATION_NOT_FOUND",
      ]);
      const { people } = (await owner.send("GET", "/people")).body;
      expect(people.filter((person: { email: string }) => person.email === email)).toHaveLength(1);
    }
  });

  it("can be withdrawn, also by a new one for the same address", async () => {
    const { token, id } = await invite("gone@example.com");
    expect((await owner.send("DELETE", `/people/invitations/${id}`)).status).toBe(204);
    expect(codeOf(await accept(token))).toBe("404 INVITATION_NOT_FOUND");
    expect(codeOf(await owner.send("DELETE", `/people/invitations/${id}`))).toBe("404 INVITATION_NOT_FOUND");
    const first = await invite("twice@example.com", ["administrator"]);
    const second = await invite("twice@example.com", ["auditor"]);
    expect(codeOf(await accept(first.token))).toBe("404 INVITATION_NOT_FOUND");
    expect((await meOf(await comeIn(second.token))).roles).toEqual(["auditor"]);
  });

  it("is withdrawn in its own workspace only", async () => {
    const { id, token } = await invite("here@example.com");
    const other = await newWorkspace("Elsewhere");
    expect(codeOf(await other.as("DELETE", `/people/invitations/${id}`))).toBe("404 INVITATION_NOT_FOUND");
    expect(await statesOf("here@example.com", other.as)).toEqual([]);
    expect((await read(token)).status).toBe(200);
  });

  it("is refused for a member, and for a token that is none", async () => {
    const member = await newcomer({ roles: ["builder"] });
    const answer = await owner.send("POST", "/people/invitations", {
      email: member.email,
      roles: ["auditor"],
    });
    expect(codeOf(answer)).toBe("409 PERSON_PRESENT");
    expect(codeOf(await accept("totem_invitation_none"))).toBe("404 INVITATION_NOT_FOUND");
    expect((await server.send("POST", acceptUrl, { token: "x" })).body.code).toBe("INPUT_INVALID");
  });

  it("brings a removed person back as the same person, and needs their factor for more", async () => {
    const ruth = await newcomer({ roles: ["administrator"], name: "Ruth" });
    await owner.send("DELETE", `/people/${ruth.id}`);
    const back = await comeIn((await invite(ruth.email ?? "", ["auditor"])).token, "Not Ruth");
    expect(await meOf(back)).toMatchObject({
      id: ruth.id,
      name: "Ruth",
      roles: ["auditor"],
      proved_until: null,
      may_enrol_first_factor: false,
    });
  });

  it("stores no token, and shows it in one answer only", async () => {
    const { token } = await invite("hidden@example.com");
    const rows = await server.database.kysely.selectFrom("invitation").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token.slice(20));
    const shown = [
      await owner.send("GET", "/people/invitations"),
      await owner.send("GET", "/audit-events?limit=500"),
    ];
    for (const { text } of shown) expect(text).not.toContain(token.slice(20));
    expect(server.log.join()).not.toContain(token.slice(20));
  });
});

describe("an invitation of a person of another workspace", () => {
  const enter = (by: PersonSession, token: string, headers: Record<string, string> = {}) =>
    by.send("POST", "/people/auth/invitation", { token }, headers);

  it("opens nothing by its link: its administrator would take the account over", async () => {
    const rogue = await newWorkspace("Rogue");
    for (const factor of [undefined, false] as const) {
      const boss = await newcomer({ roles: ["owner"], ...(factor === false ? { factor } : {}) });
      const { token } = await invite(boss.email ?? "", ["builder"], rogue.as);
      const answer = await accept(token, "Boss");
      expect(codeOf(answer)).toBe("409 PERSON_ELSEWHERE");
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect((await meOf(boss)).workspaces).toHaveLength(1);
      expect((await read(token)).status, "it can still be used").toBe(200);
    }
  });

  it("is accepted while signed in, with a factor, and the session goes on there", async () => {
    const team = await newWorkspace("Team");
    const grace = await newcomer({ roles: ["operator"], proved: false });
    const { token } = await invite(grace.email ?? "", ["auditor"], team.as);
    expect(codeOf(await enter(grace, token))).toBe("403 FRESH_PROOF_NEEDED");
    expect(codeOf(await enter(grace, token, { "x-totem-code": grace.code() }))).toBe(204);
    const me = await meOf(grace);
    expect(me).toMatchObject({ id: grace.id, roles: ["auditor"] });
    expect(me.workspaces).toEqual([
      { id: team.id, name: "Team", roles: ["auditor"], current: true },
      { id: grace.workspaceId, name: "default", roles: ["operator"], current: false },
    ]);
    expect(codeOf(await enter(grace, token))).toBe("404 INVITATION_NOT_FOUND");
  });

  it("H7: gives no account away that another workspace made, with the factors that were added there", async () => {
    const rogue = await newWorkspace("Prepared");
    const email = "wanted@example.com";
    // The administrator of that workspace is the person until the real one is invited.
    const made = await rogue.as("POST", "/people", { name: "Wanted", email, roles: ["builder"] });
    const trap = await signInPerson(server, { link: made.body.sign_in_link.split("#sign-in=")[1] });
    expect((await trap.send("POST", "/auth/second-step")).status).toBe(201);
    expect((await rogue.as("DELETE", `/people/${made.body.id}`)).status).toBe(204);
    const wanted = await meOf(await comeIn((await invite(email, ["administrator"])).token));
    expect(wanted.id).not.toBe(made.body.id);
    expect(wanted).toMatchObject({ email, may_enrol_first_factor: true });
    // Back there, the address is no more than what it was: a word of that workspace.
    expect(codeOf(await accept((await invite(email, ["builder"], rogue.as)).token))).toBe(
      "409 PERSON_ELSEWHERE",
    );
  });

  it("needs a factor at all", async () => {
    const team = await newWorkspace("Careful");
    const bare = await newcomer({ roles: ["operator"], factor: false });
    const { token } = await invite(bare.email ?? "", ["auditor"], team.as);
    expect(codeOf(await enter(bare, token))).toBe("409 SECOND_STEP_MISSING");
  });

  it("is not for another person who is signed in", async () => {
    const team = await newWorkspace("Private");
    const [one, other] = await Promise.all([
      newcomer({ roles: ["operator"] }),
      newcomer({ roles: ["operator"] }),
    ]);
    const { token } = await invite(one.email ?? "", ["auditor"], team.as);
    expect(codeOf(await enter(other, token))).toBe("409 INVITATION_FOR_ANOTHER");
    const stranger = await invite("stranger@example.com", ["auditor"], team.as);
    expect(codeOf(await enter(other, stranger.token))).toBe("409 INVITATION_FOR_ANOTHER");
    expect(codeOf(await enter(one, token))).toBe(204);
  });

  it("tells a member who is signed in that they are here already", async () => {
    const { token } = await invite("colleague@example.com");
    const nameless = await newcomer({ roles: ["owner"], email: null });
    expect(codeOf(await enter(nameless, token))).toBe("409 PERSON_PRESENT");
    expect((await read(token)).status).toBe(200);
    await owner.send("DELETE", `/people/${nameless.id}`);
  });
});

describe("an address that a person has only claimed", () => {
  const claim = async (by: AddedPerson, email: string) => {
    const answer = await by.send("PATCH", "/people/me", { email });
    expect(answer.status, answer.text).toBe(200);
  };

  it("takes no invitation over: the invited person gets it", async () => {
    const team = await newWorkspace("Claims");
    const mallory = await newcomer({ roles: ["builder"], email: null });
    await claim(mallory, "ceo@example.com");
    const { token } = await invite("ceo@example.com", ["administrator"], team.as);
    const ceo = await comeIn(token, "The real one");
    const me = await meOf(ceo);
    expect(me.id).not.toBe(mallory.id);
    expect(me).toMatchObject({ email: "ceo@example.com", workspaces: [{ id: team.id }] });
    expect(await meOf(mallory)).toMatchObject({ email: null, workspaces: [{ name: "default" }] });
  });

  it("brings no removed person back", async () => {
    const mallory = await newcomer({ roles: ["builder"], email: null });
    await claim(mallory, "cfo@example.com");
    await owner.send("DELETE", `/people/${mallory.id}`);
    const cfo = await comeIn((await invite("cfo@example.com", ["administrator"])).token);
    expect((await meOf(cfo)).id).not.toBe(mallory.id);
  });

  it("stays with the person to whom it is bound, also when that person gives another", async () => {
    const bound = await newcomer({ roles: ["builder"], email: "bound@example.com" });
    const mallory = await newcomer({ roles: ["builder"], email: null });
    const claimed = () => mallory.send("PATCH", "/people/me", { email: "bound@example.com" });
    expect(codeOf(await claimed())).toBe("400 INPUT_INVALID");
    await claim(bound, "second@example.com");
    expect(codeOf(await claimed())).toBe("400 INPUT_INVALID");
  });

  it("is claimed by one of two at the same time, with an answer for the other", async () => {
    const pair = [
      await newcomer({ roles: ["builder"], email: null }),
      await newcomer({ roles: ["builder"], email: null }),
    ];
    const answers = await Promise.all(
      pair.map((one) => one.send("PATCH", "/people/me", { email: "both@example.com" })),
    );
    expect(answers.map(codeOf).sort()).toEqual([200, "400 INPUT_INVALID"]);
  });

  it("is believed of an owner of the server's own workspace: another workspace does not take it", async () => {
    const rogue = await newWorkspace("Grabber");
    const boss = await newcomer({ roles: ["owner"], email: null });
    await claim(boss, "first@example.com");
    const { token } = await invite("first@example.com", ["builder"], rogue.as);
    expect(codeOf(await accept(token))).toBe("409 PERSON_ELSEWHERE");
    expect((await meOf(boss)).email).toBe("first@example.com");
    await owner.send("DELETE", `/people/${boss.id}`);
  });
});

describe("a person of several workspaces", () => {
  const enter = (by: PersonSession, workspaceId: string, headers: Record<string, string> = {}) =>
    by.send("POST", "/people/me/workspace", { workspace_id: workspaceId }, headers);

  it("goes from one to the other, and sees in each what is there", async () => {
    const second = await newWorkspace("Second");
    const person = await newcomer({ roles: ["administrator"] });
    const { token } = await invite(person.email ?? "", ["auditor"], second.as);
    await person.send("POST", "/people/auth/invitation", { token });
    expect((await person.send("POST", "/people", {})).status).toBe(403);
    expect((await person.send("GET", "/people")).body.people).toHaveLength(1);
    expect(codeOf(await enter(person, person.workspaceId))).toBe(204);
    expect(await meOf(person)).toMatchObject({ roles: ["administrator"] });
    expect((await person.send("GET", "/people")).body.people.length).toBeGreaterThan(1);
    expect(codeOf(await enter(person, second.id))).toBe(204);
    const events = (await person.send("GET", "/audit-events?action=studio.workspace_entered")).body;
    expect(events.audit_events).toEqual([
      expect.objectContaining({ actor_id: person.id, actor_role: "auditor" }),
    ]);
  });

  it("enters no workspace in which they are no member", async () => {
    const foreign = await newWorkspace("Foreign");
    const person = await newcomer({ roles: ["owner"] });
    expect(codeOf(await enter(person, foreign.id))).toBe("404 WORKSPACE_NOT_FOUND");
    expect(codeOf(await enter(person, random.uuid()))).toBe("404 WORKSPACE_NOT_FOUND");
    await owner.send("DELETE", `/people/${person.id}`);
  });

  it("stays where a link let them in until they show a factor: an administrator can make such a link", async () => {
    const rogue = await newWorkspace("Lure");
    const boss = await newcomer({ roles: ["administrator"] });
    await server.database.kysely
      .insertInto("workspace_member")
      .values({ workspace_id: rogue.id, person_id: boss.id, roles: ["auditor"], created_at: clock.now() })
      .execute();
    const thief = await signInAgain(server, { id: boss.id, workspaceId: rogue.id });
    expect(codeOf(await enter(thief, boss.workspaceId))).toBe("403 FRESH_PROOF_NEEDED");
    expect(codeOf(await enter(thief, boss.workspaceId, { "x-totem-code": boss.code() }))).toBe(204);
  });

  it("needs a factor to leave the workspace whose invitation let them in", async () => {
    const team = await newWorkspace("Guests");
    const guest = await comeIn((await invite("guest@example.com", ["administrator"])).token);
    const { id } = await meOf(guest);
    await server.database.kysely
      .insertInto("workspace_member")
      .values({ workspace_id: team.id, person_id: id, roles: ["owner"], created_at: clock.now() })
      .execute();
    expect(codeOf(await enter(guest, team.id))).toBe("409 SECOND_STEP_MISSING");
  });

  it("owns the workspace that they create, and needs a fresh proof for it", async () => {
    const person = await newcomer({ roles: ["administrator"], proved: false });
    const create = (headers = {}) => person.send("POST", "/workspaces", { name: "Mine" }, headers);
    expect(codeOf(await create())).toBe("403 FRESH_PROOF_NEEDED");
    const { status, body } = await create({ "x-totem-code": person.code() });
    expect(status).toBe(201);
    expect((await meOf(person)).workspaces).toContainEqual({
      id: body.id,
      name: "Mine",
      roles: ["owner"],
      current: false,
    });
    expect(codeOf(await enter(person, body.id))).toBe(204);
    expect((await person.send("POST", "/workspaces", { name: "Another" })).status).toBe(403);
  });
});

// The last one: it ends the sessions of all others.
it("H7: an invitation ends after 72 hours", async () => {
  const { token } = await invite("late@example.com");
  const early = await invite("early@example.com");
  clock.advance(72 * 3600 - 1);
  expect((await read(early.token)).status).toBe(200);
  clock.advance(1);
  expect(codeOf(await accept(token))).toBe("404 INVITATION_NOT_FOUND");
  expect(await statesOf("late@example.com", server.api)).toEqual(["expired"]);
});

it("is listed for 90 days after its end, and the next invitation takes it away", async () => {
  clock.advance(90 * 86_400 - 1);
  await invite("a@example.com", ["builder"], server.api);
  expect(await statesOf("late@example.com", server.api)).toEqual(["expired"]);
  clock.advance(1);
  await invite("b@example.com", ["builder"], server.api);
  expect(await statesOf("late@example.com", server.api)).toEqual([]);
  expect(await statesOf("a@example.com", server.api)).toEqual(["open"]);
});
