import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let owner: PersonSession;
let ownerId: string;

beforeAll(async () => {
  server = await startTestServer({ clock });
  owner = await signInPerson(server);
  ownerId = (await owner.send("GET", "/people/me")).body.id;
});
afterAll(() => server.stop());

const change = (by: PersonSession, id: string, roles: string[]) =>
  by.send("PATCH", `/people/${id}`, { roles });
const remove = (by: PersonSession, id: string) => by.send("DELETE", `/people/${id}`);
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) =>
  status < 300 ? status : `${status} ${body.code}`;
const ownersNow = async () =>
  (await server.api("GET", "/people")).body.people.filter((person: { roles: string[] }) =>
    person.roles.includes("owner"),
  ).length;

it("lists the members for owners, administrators and auditors, and for no one else", async () => {
  const auditor = await addPerson(server, { roles: ["auditor"], name: "Ada" });
  const operator = await addPerson(server, { roles: ["operator"], factor: false });
  const { people } = (await auditor.send("GET", "/people")).body;
  expect(people).toContainEqual({
    id: auditor.id,
    name: "Ada",
    email: auditor.email,
    roles: ["auditor"],
    created_at: "2026-01-01T00:00:00.000Z",
    last_seen_at: clock.now().toISOString(),
    has_factor: true,
    you: true,
  });
  expect(people).toContainEqual(expect.objectContaining({ id: operator.id, has_factor: false, you: false }));
  expect((await operator.send("GET", "/people")).status).toBe(403);
  expect((await change(auditor, operator.id, ["auditor"])).status).toBe(403);
  expect((await owner.send("GET", "/people")).status).toBe(200);
});

describe("H8: only owners make, change and remove owners", () => {
  let administrator: AddedPerson;
  let second: AddedPerson;
  beforeAll(async () => {
    administrator = await addPerson(server, { roles: ["administrator"] });
    second = await addPerson(server, { roles: ["owner"] });
  });
  afterAll(async () => {
    await remove(owner, second.id);
    await remove(owner, administrator.id);
  });

  it("refuses an administrator who touches an owner or makes one", async () => {
    const builder = await addPerson(server, { roles: ["builder"] });
    for (const answer of [
      await change(administrator, second.id, ["builder"]),
      await remove(administrator, second.id),
      await change(administrator, builder.id, ["owner"]),
      await change(administrator, administrator.id, ["owner"]),
      await administrator.send("POST", "/people", { name: "X", email: "x@example.com", roles: ["owner"] }),
      await administrator.send("POST", "/people/invitations", { email: "x@example.com", roles: ["owner"] }),
    ])
      expect(codeOf(answer)).toBe("403 FORBIDDEN");
    expect(await ownersNow()).toBe(2);
  });

  it("lets an administrator manage all others, and an owner the owners", async () => {
    const builder = await addPerson(server, { roles: ["builder"] });
    expect((await change(administrator, builder.id, ["operator", "auditor"])).body.roles).toEqual([
      "operator",
      "auditor",
    ]);
    expect((await change(owner, builder.id, ["owner"])).status).toBe(200);
    expect((await change(owner, builder.id, ["administrator"])).status).toBe(200);
    expect((await remove(administrator, builder.id)).status).toBe(204);
    expect((await remove(administrator, builder.id)).body.code).toBe("PERSON_NOT_FOUND");
  });

  it("lets roles count from the next request on", async () => {
    const builder = await addPerson(server, { roles: ["builder"] });
    expect((await builder.send("GET", "/audit-events")).status).toBe(403);
    await change(administrator, builder.id, ["auditor"]);
    expect((await builder.send("GET", "/audit-events")).status).toBe(200);
    await change(administrator, builder.id, ["builder"]);
    expect((await builder.send("GET", "/audit-events")).status).toBe(403);
  });

  it("lets no one widen their own roles, and everyone give them up", async () => {
    const both = await addPerson(server, { roles: ["administrator", "auditor"] });
    expect(codeOf(await change(both, both.id, ["owner", "administrator"]))).toBe("403 FORBIDDEN");
    expect((await change(both, both.id, ["auditor"])).body.roles).toEqual(["auditor"]);
    expect(codeOf(await change(both, both.id, ["administrator"]))).toBe("403 FORBIDDEN");
  });

  it("lets a key give only roles that may no more than the key", async () => {
    const made = await owner.send("POST", "/keys", {
      name: "staff",
      scopes: ["people:manage", "lists:read", "workflows:read", "audit:read"],
    });
    const staff = server.as(made.body.key);
    const invite = (roles: string[]) =>
      staff("POST", "/people/invitations", { email: "new@example.com", roles });
    expect(codeOf(await invite(["auditor"]))).toBe(201);
    for (const roles of [["builder"], ["auditor", "operator"], ["administrator"], ["owner"]])
      expect(codeOf(await invite(roles)), roles.join()).toBe("403 FORBIDDEN");
    expect(codeOf(await staff("DELETE", `/people/${administrator.id}`))).toBe("403 FORBIDDEN");
  });
});

describe("H8: the last owner stays", () => {
  it("refuses to remove or demote the last owner, whoever asks", async () => {
    for (const answer of [
      await change(owner, ownerId, ["administrator"]),
      await remove(owner, ownerId),
      await server.api("PATCH", `/people/${ownerId}`, { roles: ["auditor"] }),
      await server.api("DELETE", `/people/${ownerId}`),
    ])
      expect(codeOf(answer)).toBe("409 LAST_OWNER");
    expect(await ownersNow()).toBe(1);
  });

  it("keeps one of two owners who go at the same time", async () => {
    const goes = {
      "Giving up": (person: AddedPerson) => change(person, person.id, ["administrator"]),
      leaving: (person: AddedPerson) => remove(person, person.id),
    };
    for (const [name, go] of Object.entries(goes)) {
      const workspace = (await server.api("POST", "/workspaces", { name })).body;
      const pair = await Promise.all([
        addPerson(server, { roles: ["owner"], workspaceId: workspace.id }),
        addPerson(server, { roles: ["owner"], workspaceId: workspace.id }),
      ]);
      const answers = await Promise.all(pair.map(go));
      expect(answers.map(({ status }) => status).filter((status) => status < 300)).toHaveLength(1);
      expect(answers.map(({ body }) => body?.code)).toContain("LAST_OWNER");
    }
  });

  it("keeps one of two owners who demote each other at the same time", async () => {
    const workspace = (await server.api("POST", "/workspaces", { name: "Duel" })).body;
    const at = { workspaceId: workspace.id, roles: ["owner"] } as const;
    const [one, other] = await Promise.all([addPerson(server, at), addPerson(server, at)]);
    const answers = await Promise.all([
      change(one, other.id, ["builder"]),
      change(other, one.id, ["builder"]),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    const { people } = (await server.as(workspace.key)("GET", "/people")).body;
    expect(people.map(({ roles }: { roles: string[] }) => roles[0]).sort()).toEqual(["builder", "owner"]);
  });
});

it("H3: asks for a fresh proof to add, change or remove a person", async () => {
  const administrator = await addPerson(server, { roles: ["administrator"], proved: false });
  const builder = await addPerson(server, { roles: ["builder"] });
  const body = { name: "Eve", email: "eve@example.com", roles: ["builder"] };
  for (const answer of [
    await administrator.send("POST", "/people", body),
    await administrator.send("POST", "/people/invitations", { email: body.email, roles: body.roles }),
    await change(administrator, builder.id, ["operator"]),
    await remove(administrator, builder.id),
  ])
    expect(codeOf(answer)).toBe("403 FRESH_PROOF_NEEDED");
  const code = { "x-totem-code": administrator.code() };
  expect((await administrator.send("DELETE", `/people/${builder.id}`, undefined, code)).status).toBe(204);
});

describe("a person who is added by hand", () => {
  const add = (by: PersonSession, email: string, roles = ["builder"]) =>
    by.send("POST", "/people", { name: "Hedy", email, roles });

  it("signs in once by the link, within an hour", async () => {
    const { status, body } = await add(owner, "Hedy@Example.com");
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: "Hedy", email: "hedy@example.com", has_factor: false });
    const link = body.sign_in_link.split("#sign-in=")[1];
    const hedy = await signInPerson(server, { link });
    expect((await hedy.send("GET", "/people/me")).body).toMatchObject({ id: body.id, signed_in_by: "link" });
    await expect(signInPerson(server, { link })).rejects.toThrow("401");
    expect(codeOf(await add(owner, "hedy@example.com"))).toBe("409 PERSON_PRESENT");
  });

  it("comes back as the same person after a removal, with the factors they had", async () => {
    const ida = await addPerson(server, { roles: ["operator"], email: "ida@example.com", name: "Ida" });
    await remove(owner, ida.id);
    const { body } = await add(owner, "ida@example.com", ["auditor"]);
    expect(body).toMatchObject({ id: ida.id, name: "Ida", roles: ["auditor"], has_factor: true });
    const session = await signInPerson(server, { link: body.sign_in_link.split("#sign-in=")[1] });
    expect((await session.send("GET", "/people/me")).body.proved_until).toBeNull();
  });

  it("is not taken from another workspace: the link would open that one", async () => {
    const other = (await server.api("POST", "/workspaces", { name: "Rogue" })).body;
    const boss = await addPerson(server, { roles: ["owner"], email: "boss@example.com", factor: false });
    const answer = await server.as(other.key)("POST", "/people", {
      name: "Boss",
      email: "boss@example.com",
      roles: ["builder"],
    });
    expect(codeOf(answer)).toBe("409 PERSON_ELSEWHERE");
    await remove(owner, boss.id);
  });
});

it.each([
  [{ roles: ["king"] }, "roles"],
  [{ roles: [] }, "roles"],
  [{ roles: ["builder"], name: "Eve" }, "body"],
])("names the field of a change that is no good: %j", async (body, field) => {
  const { status, body: problem } = await owner.send("PATCH", `/people/${ownerId}`, body);
  expect(status).toBe(400);
  expect(JSON.stringify(problem)).toContain(field);
});
