import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPerson, signInAgain } from "../../support/add-person.ts";
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

describe("a person who gets fewer roles", () => {
  it("H5: loses keys, addresses and invitations that may more than the roles that are left", async () => {
    const person = await addPerson(server, { roles: ["administrator", "auditor"] });
    const make = async (name: string, scopes: string[]) =>
      (await person.send("POST", "/keys", { name, scopes })).body.key as string;
    const [wide, fits] = [await make("wide", ["admin"]), await make("fits", ["workflows:read"])];
    const address = await person.send("POST", "/mcp-tokens", { service_key: "fits" });
    const invited = await person.send("POST", "/people/invitations", {
      email: "accomplice@example.com",
      roles: ["administrator"],
    });
    expect((await change(owner, person.id, ["auditor"])).status).toBe(200);
    expect((await server.as(wide)("GET", "/people")).status).toBe(401);
    expect((await server.as(fits)("GET", "/workflows")).status).toBe(200);
    const { mcp_tokens } = (await owner.send("GET", "/mcp-tokens")).body;
    expect(mcp_tokens.map(({ id }: { id: string }) => id)).not.toContain(address.body.id);
    const token = invited.body.link.split("=")[1];
    const read = await server.send("POST", "/api/v1/people/auth/invitation/read", { token });
    expect(read.body.code).toBe("INVITATION_NOT_FOUND");
    const events = (await owner.send("GET", "/audit-events?limit=20")).body.audit_events;
    expect(events).toContainEqual(
      expect.objectContaining({ action: "service_key.revoked", reason: "roles changed" }),
    );
  });

  it("H5: leaves no key behind that was being made at that moment", async () => {
    for (const name of ["a", "b", "c", "d"]) {
      const person = await addPerson(server, { roles: ["administrator", "auditor"] });
      const [, made] = await Promise.all([
        change(owner, person.id, ["auditor"]),
        person.send("POST", "/keys", { name: `late ${name}`, scopes: ["admin"] }),
      ]);
      expect([201, 403]).toContain(made.status);
      if (made.status === 201) expect((await server.as(made.body.key)("GET", "/people")).status).toBe(401);
    }
  });
});

describe("a person who is removed", () => {
  it("loses sessions, links, keys, addresses and grants at once, and the audit rows stay", async () => {
    const administrator = await addPerson(server, { roles: ["administrator"], name: "Grace" });
    const again = await signInAgain(server, administrator);
    const key = (await administrator.send("POST", "/keys", { name: "hers", scopes: ["workflows:read"] }))
      .body;
    const others = (await owner.send("POST", "/keys", { name: "not hers", scopes: ["workflows:read"] })).body;
    const address = (await administrator.send("POST", "/mcp-tokens", { service_key: "not hers" })).body;
    const invited = await administrator.send("POST", "/people/invitations", {
      email: "friend@example.com",
      roles: ["builder"],
    });
    const token = invited.body.link.split("=")[1];
    const entry = (await owner.send("POST", "/vault/entries", { name: "mail", one_time: {} })).body.id;
    const grantee = { kind: "person", id: administrator.id };
    const granted = await owner.send("PUT", `/vault/entries/${entry}/grants`, { grantee, rights: ["codes"] });
    expect(granted.status, granted.text).toBeLessThan(300);
    await owner.send("POST", "/inbox/mailboxes", { address: "desk@example.com" });
    const mailbox = (await owner.send("GET", "/inbox/mailboxes")).body.mailboxes[0].id;
    const reading = await owner.send("PATCH", `/inbox/mailboxes/${mailbox}`, { people: [administrator.id] });
    expect(reading.status, reading.text).toBeLessThan(300);
    const mcp = () =>
      server.send(
        "POST",
        `/mcp/${address.token}`,
        { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} },
        { accept: "application/json, text/event-stream" },
      );
    expect((await mcp()).status).toBe(200);

    expect((await remove(owner, administrator.id)).status).toBe(204);

    for (const session of [administrator, again])
      expect((await session.send("GET", "/whoami")).status).toBe(401);
    expect((await server.as(key.key)("GET", "/workflows")).status).toBe(401);
    expect((await server.as(others.key)("GET", "/workflows")).status).toBe(200);
    expect((await mcp()).status).toBe(401);
    expect((await server.send("POST", "/api/v1/people/auth/invitation/read", { token })).body.code).toBe(
      "INVITATION_NOT_FOUND",
    );
    const db = server.database.kysely;
    expect(await db.selectFrom("vault_grant").selectAll().execute()).toEqual([]);
    expect(await db.selectFrom("mailbox_reader").selectAll().execute()).toEqual([]);
    const events = (await owner.send("GET", `/audit-events?limit=200`)).body.audit_events;
    expect(events).toContainEqual(
      expect.objectContaining({ action: "service_key.created", actor: "Grace", actor_role: "administrator" }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ action: "inbox.mailbox_changed", reason: "person removed" }),
    );
    expect(events.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining([
        "person.removed",
        "service_key.revoked",
        "mcp_token.revoked",
        "vault.grant_removed",
        "inbox.mailbox_changed",
      ]),
    );
  });

  it("H8: loses the keys whose secret they got by a rotation, and those that were rotated after them", async () => {
    const leaver = await addPerson(server, { roles: ["administrator"] });
    const make = async (by: PersonSession, name: string) =>
      (await by.send("POST", "/keys", { name, scopes: ["workflows:read"] })).body as {
        id: string;
        key: string;
      };
    const rotate = async (by: PersonSession, id: string) =>
      (await by.send("POST", `/keys/${id}/rotate`, { overlap: 3600 })).body.key as string;
    const works = async (key: string) => (await server.as(key)("GET", "/workflows")).status === 200;
    const [theirs, ours] = [await make(owner, "rotated by them"), await make(leaver, "rotated by us")];
    const secrets = { theirs: await rotate(leaver, theirs.id), ours: await rotate(owner, ours.id) };
    expect(await works(ours.key)).toBe(true);
    expect(await works(secrets.theirs)).toBe(true);
    await remove(owner, leaver.id);
    expect(await works(secrets.theirs)).toBe(false);
    expect(await works(ours.key), "the secret before").toBe(false);
    expect(await works(secrets.ours)).toBe(true);
  });

  it("H8: has no link left of a person whom they added by hand, nor after they may add none", async () => {
    const ways = { removed: remove, demoted: (by: PersonSession, id: string) => change(by, id, ["builder"]) };
    for (const [name, end] of Object.entries(ways)) {
      const leaver = await addPerson(server, { roles: ["administrator"] });
      const added = await leaver.send("POST", "/people", {
        name: "Second account",
        email: `second-${name}@example.com`,
        roles: ["administrator"],
      });
      expect((await end(owner, leaver.id)).status).toBeLessThan(300);
      const link = added.body.sign_in_link.split("#sign-in=")[1];
      const answer = await server.send(
        "POST",
        "/api/v1/auth/sign-in",
        { link },
        { "x-totem-proof": leaver.proof },
      );
      expect(answer.status, name).toBe(401);
    }
  });

  it("leaves no key behind that was being made at that moment", async () => {
    for (const name of ["one", "two", "three", "four", "five", "six"]) {
      const administrator = await addPerson(server, { roles: ["administrator"] });
      const parent = (
        await administrator.send("POST", "/keys", { name: `parent ${name}`, scopes: ["admin"] })
      ).body;
      const [, own, ofKey] = await Promise.all([
        remove(owner, administrator.id),
        administrator.send("POST", "/keys", { name: `own ${name}`, scopes: ["admin"] }),
        server.as(parent.key)("POST", "/keys", { name: `child ${name}`, scopes: ["admin"] }),
      ]);
      for (const { status, body } of [own, ofKey]) {
        expect([201, 401]).toContain(status);
        if (status === 201) expect((await server.as(body.key)("GET", "/workflows")).status).toBe(401);
      }
    }
  });

  it("stays in other workspaces", async () => {
    const other = (await server.api("POST", "/workspaces", { name: "Other" })).body;
    const person = await addPerson(server, { roles: ["administrator"], workspaceId: other.id });
    await server.database.kysely
      .insertInto("workspace_member")
      .values({
        workspace_id: (await owner.send("GET", "/people/me")).body.workspaces[0].id,
        person_id: person.id,
        roles: ["builder"],
        created_at: clock.now(),
      })
      .execute();
    const key = (await person.send("POST", "/keys", { name: "elsewhere", scopes: ["workflows:read"] })).body;
    expect((await remove(owner, person.id)).status).toBe(204);
    expect((await person.send("GET", "/whoami")).status).toBe(200);
    expect((await server.as(key.key)("GET", "/workflows")).status).toBe(200);
  });

  it("is not found from another workspace", async () => {
    const other = (await server.api("POST", "/workspaces", { name: "Stranger" })).body;
    const stranger = server.as(other.key);
    expect((await stranger("DELETE", `/people/${ownerId}`)).body.code).toBe("PERSON_NOT_FOUND");
    expect((await stranger("PATCH", `/people/${ownerId}`, { roles: ["auditor"] })).body.code).toBe(
      "PERSON_NOT_FOUND",
    );
    expect((await stranger("GET", "/people")).body.people).toEqual([]);
  });
});
