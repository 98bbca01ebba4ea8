import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson } from "../../support/add-person.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let owner: AddedPerson;
let builder: AddedPerson;
let other: AddedPerson;
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

beforeAll(async () => {
  server = await startTestServer();
  owner = await addPerson(server, { roles: ["owner"], name: "Ada" });
  builder = await addPerson(server, { roles: ["builder"], name: "Bea" });
  other = await addPerson(server, { roles: ["builder", "auditor"], name: "Cleo" });
});
afterAll(() => server.stop());

const addEntry = async (name: string): Promise<string> => {
  const body = { name, data: { password: "p" }, one_time: { secret: seed }, backup_codes: ["one", "two"] };
  return (await owner.send("POST", "/vault/entries", body)).body.id;
};
const grant = (id: string, grantee: object, rights: readonly string[], policy?: object) =>
  owner.send("PUT", `/vault/entries/${id}/grants`, { grantee, rights, ...(policy ? { policy } : {}) });
const statusOf = async (person: AddedPerson, id: string) => ({
  list: (await person.send("GET", "/vault/entries")).body.entries.some(
    (one: { id: string }) => one.id === id,
  ),
  code: (await person.send("GET", `/vault/entries/${id}/code`)).status,
  data: (await person.send("GET", `/vault/entries/${id}/data`)).status,
  backup: (await person.send("POST", `/vault/entries/${id}/backup-code`)).status,
  change: (await person.send("PATCH", `/vault/entries/${id}`, {})).status,
});
const nothing = { list: false, code: 404, data: 404, backup: 404, change: 404 };

describe("D12: a grant of an entry to people", () => {
  it("gives the named person what it says, and no other of the same role", async () => {
    const id = await addEntry("by name");
    expect(await statusOf(builder, id)).toEqual(nothing);
    expect((await grant(id, { kind: "person", id: builder.id }, ["codes"])).status).toBe(200);
    expect(await statusOf(builder, id)).toEqual({
      list: true,
      code: 200,
      data: 403,
      backup: 403,
      change: 403,
    });
    // Cleo reads lists as an auditor, and opens nothing.
    expect(await statusOf(other, id)).toEqual({ list: true, code: 404, data: 403, backup: 403, change: 403 });
    expect((await grant(id, { kind: "person", id: builder.id }, [])).status).toBe(200);
    expect(await statusOf(builder, id)).toEqual(nothing);
  });

  it("gives every person with the named role what it says, and adds up with a grant by name", async () => {
    const id = await addEntry("by role");
    await grant(id, { kind: "role", name: "builder" }, ["codes"]);
    expect((await statusOf(builder, id)).code).toBe(200);
    expect((await statusOf(other, id)).code).toBe(200);
    await grant(id, { kind: "role", name: "builder" }, ["codes", "backup"]);
    await grant(id, { kind: "person", id: other.id }, ["data"]);
    expect(await statusOf(builder, id)).toMatchObject({ code: 200, data: 403, backup: 200 });
    expect(await statusOf(other, id)).toMatchObject({ code: 200, data: 200, backup: 200, change: 403 });
    await grant(id, { kind: "role", name: "builder" }, []);
    expect(await statusOf(builder, id)).toEqual(nothing);
    expect((await statusOf(other, id)).data).toBe(200);
  });

  it("of two grants uses the one that gives the code now", async () => {
    const id = await addEntry("two grants");
    await grant(id, { kind: "person", id: builder.id }, ["codes"], { decision: "deny" });
    expect((await builder.send("GET", `/vault/entries/${id}/code`)).body.code).toBe("POLICY_REFUSED");
    await grant(id, { kind: "role", name: "builder" }, ["codes"]);
    expect((await builder.send("GET", `/vault/entries/${id}/code`)).status).toBe(200);
  });

  it("gives a person who manages the entry the right to grant it, and no more than that entry", async () => {
    const [id, another] = [await addEntry("managed"), await addEntry("not managed")];
    await grant(id, { kind: "person", id: builder.id }, ["manage"]);
    const give = (entry: string) =>
      builder.send("PUT", `/vault/entries/${entry}/grants`, {
        grantee: { kind: "person", id: other.id },
        rights: ["codes"],
      });
    expect((await give(id)).status).toBe(200);
    expect((await give(another)).status).toBe(404);
    expect((await builder.send("POST", "/vault/entries", { name: "of Bea" })).body.code).toBe("FORBIDDEN");
  });

  it("names everybody who may use the entry, with role and reason", async () => {
    const id = await addEntry("named");
    await grant(id, { kind: "role", name: "builder" }, ["codes"]);
    await grant(id, { kind: "person", id: other.id }, ["data"]);
    const { grants, people } = (await owner.send("GET", `/vault/entries/${id}/grants`)).body;
    expect(grants).toMatchObject([
      { grantee: { kind: "role", name: "builder" }, rights: ["codes"], created_by: "Ada" },
      { grantee: { kind: "person", name: "Cleo", id: other.id }, rights: ["data"], created_by: "Ada" },
    ]);
    expect(people).toMatchObject([
      { name: "Ada", roles: ["owner"], rights: ["codes", "backup", "data", "manage"] },
      { name: "Bea", roles: ["builder"], rights: ["codes"] },
      { name: "Cleo", roles: ["builder", "auditor"], rights: ["codes", "data"] },
    ]);
    expect(people[0].because).toBe("Owners manage every entry.");
    expect(JSON.stringify({ grants, people })).not.toContain("administrator");
  });

  it("is refused to a person who is not here and to a role that does not exist", async () => {
    const id = await addEntry("refused");
    const b = (await server.api("POST", "/workspaces", { name: "elsewhere" })).body;
    const stranger = await addPerson(server, { roles: ["builder"], workspaceId: b.id });
    expect((await grant(id, { kind: "person", id: stranger.id }, ["codes"])).body.code).toBe(
      "PERSON_NOT_FOUND",
    );
    expect((await grant(id, { kind: "role", name: "king" }, ["codes"])).body.code).toBe("INPUT_INVALID");
  });

  it("ends with the role, and with the person", async () => {
    const id = await addEntry("ended");
    const guest = await addPerson(server, { roles: ["builder"] });
    await grant(id, { kind: "role", name: "builder" }, ["codes"]);
    expect((await statusOf(guest, id)).code).toBe(200);
    expect((await owner.send("PATCH", `/people/${guest.id}`, { roles: ["auditor"] })).status).toBe(200);
    expect((await guest.send("GET", `/vault/entries/${id}/code`)).status).toBe(404);
    await grant(id, { kind: "person", id: guest.id }, ["codes"]);
    expect((await guest.send("GET", `/vault/entries/${id}/code`)).status).toBe(200);
    expect((await owner.send("DELETE", `/people/${guest.id}`)).status).toBe(204);
    const { grants } = (await owner.send("GET", `/vault/entries/${id}/grants`)).body;
    expect(grants.map((one: { grantee: { kind: string } }) => one.grantee.kind)).toEqual(["role"]);
  });
});
