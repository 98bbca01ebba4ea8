import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { random } from "../../support/seeded-random.ts";
import { type SingleSignOnStory, startSingleSignOn } from "../../support/single-sign-on.ts";

let story: SingleSignOnStory;
beforeAll(async () => {
  story = await startSingleSignOn();
});
afterAll(() => story.stop());

/** A person of the company that no other test knows. */
const newcomer = (changes: Readonly<Record<string, unknown>> = {}) => {
  const sub = random.uuid();
  return { sub, email: `${sub}@example.com`, name: "New", ...changes };
};
const rolesOf = async (email: string) =>
  (
    await story.db
      .selectFrom("workspace_member as m")
      .innerJoin("person as p", "p.id", "m.person_id")
      .select(["m.roles", "p.id"])
      .where("p.email", "=", email)
      .executeTakeFirst()
  )?.roles;
const idOf = async (email: string) =>
  (await story.db.selectFrom("person").select("id").where("email", "=", email).executeTakeFirstOrThrow()).id;
const invite = (email: string, roles: string[]) =>
  story.owner.send("POST", "/people/invitations", { email, roles });
const notInvited = "SINGLE_SIGN_ON_NOT_INVITED";

describe("H7: who comes in by single sign-on", () => {
  it("an address of a listed domain, with the roles of its groups", async () => {
    const one = newcomer({ groups: ["makers", "watchers", "unknown", 7] });
    expect((await story.signIn(one)).answer.status).toBe(204);
    expect(await rolesOf(one.email)).toEqual(["builder", "auditor"]);
  });

  it("none of another domain, of a part of a listed one, or without a verified address", async () => {
    for (const email of ["a@elsewhere.example", "a@sub.example.com", "a@notexample.com"])
      expect((await story.signIn(newcomer({ email }))).answer.body.code).toBe(notInvited);
    for (const email_verified of [false, undefined, "true", 1]) {
      const { answer } = await story.signIn(newcomer({ email_verified }));
      expect(answer.body.title).toContain("verified");
    }
    // The Kelvin sign is a K in lower case: it must not open a K's address.
    expect((await story.signIn(newcomer({ email: "\u212Aim@example.com" }))).answer.status).toBe(403);
  });

  it("none whose groups have no role here, also where a group is named as a property of every object", async () => {
    for (const groups of [[], ["strangers"], ["constructor"], "", undefined, { makers: true }])
      expect((await story.signIn(newcomer({ groups }))).answer.body.code).toBe(notInvited);
  });

  it("an invited address of any domain, with the roles of the invitation, once", async () => {
    const one = newcomer({ email: "guest@elsewhere.example", groups: [] });
    await invite(one.email, ["operator"]);
    const { session } = await story.signIn(one);
    expect((await session?.send("GET", "/people/me"))?.body.roles).toEqual(["operator"]);
    const invitations = (await story.owner.send("GET", "/people/invitations")).body.invitations;
    expect(invitations.find(({ email }: { email: string }) => email === one.email).state).toBe("accepted");
    // A second subject with that address is another person, and this one is known already.
    const { answer } = await story.signIn({ ...one, sub: "second" });
    expect(answer.body.code).toBe(notInvited);
  });

  it("none by an invitation that was withdrawn or has expired", async () => {
    const one = newcomer({ email: "late@elsewhere.example" });
    const { body } = await invite(one.email, ["operator"]);
    await story.owner.send("DELETE", `/people/invitations/${body.id}`);
    expect((await story.signIn(one)).answer.body.code).toBe(notInvited);
    const two = newcomer({ email: "later@elsewhere.example" });
    const { body: invited } = await invite(two.email, ["operator"]);
    await story.db
      .updateTable("invitation")
      .set({ expires_at: story.clock.now() })
      .where("id", "=", invited.id)
      .execute();
    expect((await story.signIn(two)).answer.body.code).toBe(notInvited);
  });
});

describe("H7: a provider takes over no person", () => {
  it("who is here already, whatever address it asserts", async () => {
    const victim = await addPerson(story.server, { roles: ["operator"], email: "victim@example.com" });
    const { answer } = await story.signIn(newcomer({ email: victim.email, groups: ["makers"] }));
    expect(answer.body.title).toContain("here already");
    expect(await rolesOf("victim@example.com")).toEqual(["operator"]);
  });

  it("who belongs to another workspace too, or is an owner, even if they were never here", async () => {
    const made = await story.owner.send("POST", "/people", {
      name: "Second",
      email: "boss@example.com",
      roles: ["owner"],
    });
    expect(made.status).toBe(201);
    expect((await story.signIn(newcomer({ email: "boss@example.com" }))).answer.body.code).toBe(notInvited);
    await invite("chief@example.com", ["owner"]);
    const { answer } = await story.signIn(newcomer({ email: "chief@example.com" }));
    expect(answer.body.title).toContain("opened by its link");
    expect(await rolesOf("chief@example.com")).toBeUndefined();

    const elsewhere = await story.owner.send("POST", "/people", {
      name: "Two places",
      email: "two@example.com",
      roles: ["operator"],
    });
    const other = random.uuid();
    await story.db
      .insertInto("workspace")
      .values({ id: other, name: "other", created_at: story.clock.now() })
      .execute();
    await story.db
      .insertInto("workspace_member")
      .values({
        workspace_id: other,
        person_id: elsewhere.body.id,
        roles: ["owner"],
        created_at: story.clock.now(),
      })
      .execute();
    expect((await story.signIn(newcomer({ email: "two@example.com" }))).answer.body.code).toBe(notInvited);
  });

  it("nor does a person whom another workspace left behind take a place here", async () => {
    const email = "wanted@example.com";
    const other = (await story.server.api("POST", "/workspaces", { name: "Squatters" })).body;
    const squatter = await addPerson(story.server, { roles: ["builder"], email, workspaceId: other.id });
    const one = newcomer({ email, groups: ["makers"] });
    expect((await story.signIn(one)).answer.body.code, "while they are there").toBe(notInvited);
    await story.server.as(other.key)("DELETE", `/people/${squatter.id}`);
    const { session } = await story.signIn(one);
    const me = await session?.send("GET", "/people/me");
    expect(me?.body).toMatchObject({ email, roles: ["builder"] });
    expect(me?.body.id).not.toBe(squatter.id);
  });

  it("but signs in a person who was added by hand and has never been here", async () => {
    await story.owner.send("POST", "/people", {
      name: "Hand",
      email: "hand@example.com",
      roles: ["operator"],
    });
    const before = await idOf("hand@example.com");
    const one = newcomer({ email: "hand@example.com", groups: ["watchers"] });
    const { session } = await story.signIn(one);
    const me = await session?.send("GET", "/people/me");
    expect(me?.body).toMatchObject({ id: before, name: "Hand", roles: ["operator", "auditor"] });
  });
});

describe("roles from groups", () => {
  it("replace those that came from groups before, and leave those that were given by hand", async () => {
    const one = newcomer({ groups: ["makers"] });
    await story.signIn(one);
    const id = await idOf(one.email);
    await story.owner.send("PATCH", `/people/${id}`, { roles: ["builder", "operator"] });
    await story.signIn({ ...one, groups: ["watchers"] });
    expect(await rolesOf(one.email)).toEqual(["operator", "auditor"]);
    // Also given by hand: it does not go with the group.
    await story.signIn({ ...one, groups: ["makers"] });
    await story.owner.send("PATCH", `/people/${id}`, { roles: ["operator"] });
    await story.signIn({ ...one, groups: [] });
    expect(await rolesOf(one.email)).toEqual(["operator"]);
  });

  it("go with the last group, and so do the sessions of a person without any role", async () => {
    const one = newcomer({ groups: ["makers"] });
    const { session } = await story.signIn(one);
    expect((await session?.send("GET", "/whoami"))?.status).toBe(200);
    const { answer } = await story.signIn({ ...one, groups: [] });
    expect(answer.body.code).toBe(notInvited);
    expect(answer.body.title).toContain("any more");
    expect((await session?.send("GET", "/whoami"))?.status).toBe(401);
    expect((await story.signIn(one)).answer.status).toBe(204);
  });

  it("are in the audit log, each change once", async () => {
    const one = newcomer({ groups: ["makers"] });
    for (const groups of [["makers"], ["makers"], ["watchers"]]) await story.signIn({ ...one, groups });
    const rows = await story.db
      .selectFrom("audit_event")
      .select(["action", "actor_name", "actor_role"])
      .where("subject_id", "=", await idOf(one.email))
      .orderBy("id")
      .execute();
    expect(rows).toEqual([
      { action: "person.created", actor_name: "New", actor_role: "builder" },
      { action: "person.roles_changed", actor_name: "New", actor_role: "auditor" },
    ]);
  });
});

describe("H3: signing in at a provider", () => {
  it("is a fresh proof for a person without a factor only, who may then add the first one", async () => {
    const one = newcomer({ groups: ["makers"] });
    const { session } = await story.signIn(one);
    const first = (await session?.send("GET", "/people/me"))?.body;
    expect(first).toMatchObject({ may_enrol_first_factor: true, proved_until: expect.any(String) });
    expect((await session?.send("POST", "/auth/second-step"))?.status).toBe(201);
    await story.db
      .updateTable("second_step")
      .set({ confirmed_at: story.clock.now() })
      .where("person_id", "=", first.id)
      .execute();
    const { session: later } = await story.signIn(one);
    const again = (await later?.send("GET", "/people/me"))?.body;
    expect(again).toMatchObject({ may_enrol_first_factor: false, proved_until: null });
  });
});

describe("a removed person", () => {
  it("does not come back by their domain and groups, but by an invitation", async () => {
    const one = newcomer({ groups: ["makers"] });
    await story.signIn(one);
    await story.owner.send("DELETE", `/people/${await idOf(one.email)}`);
    const { answer } = await story.signIn(one);
    expect(answer.body.title).toContain("removed");
    await invite(one.email, ["auditor"]);
    expect((await story.signIn({ ...one, groups: [] })).answer.status).toBe(204);
    expect(await rolesOf(one.email)).toEqual(["auditor"]);
  });
});

describe("H8: the last owner", () => {
  it("stays one when their groups are gone, and is none any more once there is another", async () => {
    await story.configure({ roles_of_groups: { bosses: ["owner"], makers: ["builder"] } });
    const one = newcomer({ groups: ["bosses"] });
    const { session } = await story.signIn(one);
    const id = await idOf(one.email);
    const others = await story.db
      .selectFrom("workspace_member")
      .select("person_id")
      .where("workspace_id", "=", story.workspaceId)
      .where("person_id", "<>", id)
      .execute();
    const setOwners = (roles: ("owner" | "auditor")[]) =>
      story.db
        .updateTable("workspace_member")
        .set({ roles })
        .where("workspace_id", "=", story.workspaceId)
        .where(
          "person_id",
          "in",
          others.map(({ person_id }) => person_id),
        )
        .execute();
    await setOwners(["auditor"]);
    await story.signIn({ ...one, groups: ["makers"] });
    expect(await rolesOf(one.email)).toEqual(["owner", "builder"]);
    expect((await session?.send("GET", "/whoami"))?.status).toBe(200);
    await setOwners(["owner"]);
    await story.signIn({ ...one, groups: ["makers"] });
    expect(await rolesOf(one.email)).toEqual(["builder"]);
  });
});
