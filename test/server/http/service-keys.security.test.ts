import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { everyRow } from "../../support/every-row.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock();
let server: TestServer;
let owner: PersonSession;
let made = 0;

beforeAll(async () => {
  server = await startTestServer({ clock });
  owner = await signInPerson(server);
});
beforeEach(async () => {
  owner = await signInPerson(server);
});
afterAll(() => server.stop());

const make = async (body: object = {}) => {
  const answer = await owner.send("POST", "/keys", {
    name: `key ${++made}`,
    scopes: ["workflows:read"],
    ...body,
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as { id: string; name: string; key: string };
};
const rotate = (id: string, body?: object) => owner.send("POST", `/keys/${id}/rotate`, body);
const works = async (key: string) => (await server.as(key)("GET", "/workflows")).status === 200;
const shown = async (id: string) =>
  (await owner.send("GET", "/keys")).body.keys.find((key: { id: string }) => key.id === id);

describe("a service key", () => {
  it("says who made it, when it was used last and from where", async () => {
    const { id, key } = await make();
    expect(await shown(id)).toMatchObject({ created_by: "Owner", last_used_at: null, last_used_ip: null });
    const at = clock.now().toISOString();
    await works(key);
    expect(await shown(id)).toMatchObject({ last_used_at: at, last_used_ip: "127.0.0.1" });
  });

  it("writes its last use at most once a minute, and one row for many requests at once", async () => {
    const { id, key } = await make();
    const first = clock.now().toISOString();
    await Promise.all(Array.from({ length: 10 }, () => works(key)));
    clock.advance(59);
    await works(key);
    expect((await shown(id)).last_used_at).toBe(first);
    clock.advance(1);
    await works(key);
    expect((await shown(id)).last_used_at).toBe(clock.now().toISOString());
  });

  it("is rotated: the new secret works at once, the old one until the overlap ends", async () => {
    const { id, key } = await make();
    const rotated = await rotate(id);
    expect(rotated.status, rotated.text).toBe(200);
    expect(rotated.body.id).toBe(id);
    expect(rotated.body.key).not.toBe(key);
    const until = new Date(clock.now().getTime() + 86_400_000).toISOString();
    expect(rotated.body.previous_until).toBe(until);
    expect([await works(key), await works(rotated.body.key)]).toEqual([true, true]);
    clock.advance(86_399);
    expect(await works(key)).toBe(true);
    clock.advance(1);
    expect([await works(key), await works(rotated.body.key)]).toEqual([false, true]);
    owner = await signInPerson(server);
    expect((await shown(id)).previous_until).toBeNull();
  });

  it("ends the oldest secret at once when it is rotated again, and every secret without an overlap", async () => {
    const { id, key: first } = await make();
    const { key: second } = (await rotate(id)).body;
    const { key: third } = (await rotate(id)).body;
    expect([await works(first), await works(second), await works(third)]).toEqual([false, true, true]);
    const { key: fourth } = (await rotate(id, { overlap: 0 })).body;
    expect([await works(second), await works(third), await works(fourth)]).toEqual([false, false, true]);
  });

  it("keeps its scopes and its end when it is rotated, and outlives neither", async () => {
    const { id } = await make({ expires_in: 3_600 });
    const before = await shown(id);
    const { key } = (await rotate(id)).body;
    expect(await shown(id)).toMatchObject({ scopes: before.scopes, expires_at: before.expires_at });
    clock.advance(3_600);
    expect(await works(key)).toBe(false);
    expect((await owner.send("POST", `/keys/${id}/rotate`)).status).not.toBe(200);
  });

  it("refuses overlaps that are no such number, and names the field", async () => {
    const { id } = await make();
    for (const overlap of [-1, 604_801, 0.5, "1", null]) {
      const answer = await rotate(id, { overlap });
      expect(answer.status, JSON.stringify(overlap)).toBe(400);
      expect(answer.body.errors[0].field).toBe("overlap");
    }
    expect((await rotate("7d4f2f60-0000-4000-8000-000000000000")).status).toBe(404);
  });

  it("H3: asks a person for a fresh proof before a key is rotated", async () => {
    const { id, key } = await make();
    await server.database.kysely.updateTable("studio_session").set({ proved_at: null }).execute();
    const answer = await rotate(id, { overlap: 0 });
    expect([answer.status, answer.body.code]).toEqual([403, "FRESH_PROOF_NEEDED"]);
    expect(await works(key)).toBe(true);
  });

  it("H3: gives no caller a key that may more than the caller, by rotation or by an address", async () => {
    const wide = await make({ scopes: ["admin"] });
    const narrow = await make({ scopes: ["keys:manage"] });
    const asNarrow = server.as(narrow.key);
    expect((await asNarrow("POST", `/keys/${wide.id}/rotate`)).status).toBe(403);
    expect((await asNarrow("POST", "/mcp-tokens", { service_key: wide.name })).status).toBe(403);
    expect((await asNarrow("POST", `/keys/${narrow.id}/rotate`)).status).toBe(200);
    expect((await shown(narrow.id)).scopes).toEqual(["keys:manage"]);
  });

  it("H4: leaves a row about its rotation that names the person, and no secret in any row", async () => {
    const { id, key, name } = await make();
    const { key: next } = (await rotate(id)).body;
    const { audit_events } = (await owner.send("GET", `/audit-events?subject=${encodeURIComponent(name)}`))
      .body;
    expect(audit_events[0]).toMatchObject({ action: "service_key.rotated", actor: "Owner" });
    const rows = [...(await everyRow(server.database.kysely)).values()].flat().join("\n");
    for (const secret of [key, next]) expect(rows).not.toContain(secret);
  });
});

describe("an MCP address", () => {
  it("says whose it is, who made it, when it was used last and from where", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Addressed");
    const { username } = (await server.call(slug, "create", {}, "agent")).body;
    const { id, token } = (await owner.send("POST", "/mcp-tokens", { agent_user: username })).body;
    const listed = async () =>
      (await owner.send("GET", "/mcp-tokens")).body.mcp_tokens.find((one: { id: string }) => one.id === id);
    expect(await listed()).toMatchObject({
      owner: { kind: "agent_user", name: username },
      created_by: "Owner",
      last_used_at: null,
    });
    const at = clock.now().toISOString();
    await server.send(
      "POST",
      `/mcp/${token}`,
      { jsonrpc: "2.0", id: 1, method: "tools/list" },
      { accept: "application/json, text/event-stream" },
    );
    expect(await listed()).toMatchObject({ last_used_at: at, last_used_ip: "127.0.0.1" });
  });
});

describe("H3: a key that makes keys", () => {
  const makeBy = (key: string, body: object) =>
    server.as(key)("POST", "/keys", { name: `key ${++made}`, ...body });
  const codeOf = ({ status, body }: { status: number; body: { code?: string } }) =>
    status < 300 ? status : `${status} ${body.code}`;

  it("needs the scope for it, which is not that of an administrator", async () => {
    const { key } = await make({ scopes: ["keys:manage", "workflows:read"] });
    expect(codeOf(await makeBy(key, { scopes: ["workflows:read"] }))).toBe(201);
    expect((await server.as(key)("GET", "/keys")).status).toBe(200);
    const { key: other } = await make({ scopes: ["workflows:read", "workflows:write"] });
    expect(codeOf(await makeBy(other, { scopes: ["workflows:read"] }))).toBe("403 FORBIDDEN");
    expect((await server.as(other)("GET", "/keys")).status).toBe(403);
  });

  it("makes none with a scope that it has not", async () => {
    const { key } = await make({ scopes: ["keys:manage", "workflows:read"] });
    for (const scopes of [["admin"], ["workflows:read", "codes:read"], ["people:manage"]])
      expect(codeOf(await makeBy(key, { scopes })), scopes.join()).toBe("403 FORBIDDEN");
  });

  it("makes none that lives longer", async () => {
    const { key } = await make({ scopes: ["keys:manage"], expires_in: 3_600 });
    const child = (expires_in?: number) => makeBy(key, { scopes: ["keys:manage"], expires_in });
    expect(codeOf(await child())).toBe("403 FORBIDDEN");
    expect(codeOf(await child(3_601))).toBe("403 FORBIDDEN");
    expect(codeOf(await child(3_600))).toBe(201);
    const lasting = await make({ scopes: ["keys:manage"] });
    expect(codeOf(await server.as(key)("POST", `/keys/${lasting.id}/rotate`))).toBe("403 FORBIDDEN");
    expect(codeOf(await server.as(key)("POST", "/mcp-tokens", { service_key: lasting.name }))).toBe(
      "403 FORBIDDEN",
    );
  });

  it("makes none where it speaks for a host instance", async () => {
    const { key } = await make({
      scopes: ["keys:manage", "hosts:call"],
      host: "n8n",
      host_instance: "office",
    });
    const wanted = { scopes: ["hosts:call"], host: "n8n", host_instance: "other" };
    expect(codeOf(await makeBy(key, wanted))).toBe("403 FORBIDDEN");
  });

  it("makes keys of the person who made it: they end together", async () => {
    const administrator = await addPerson(server, { roles: ["administrator"] });
    const { body } = await administrator.send("POST", "/keys", { name: "parent", scopes: ["admin"] });
    const child = (await makeBy(body.key, { scopes: ["admin"] })).body;
    expect((await makeBy(child.key, { scopes: ["workflows:read"] })).status).toBe(201);
    await owner.send("DELETE", `/people/${administrator.id}`);
    for (const { key } of [body, child]) expect((await server.as(key)("GET", "/workflows")).status).toBe(401);
    const { keys } = (await owner.send("GET", "/keys")).body;
    expect(keys.filter(({ created_by }: { created_by: string }) => created_by === "parent")).toEqual([]);
  });

  it("H3: is asked for nothing, while a person gives a fresh proof to make a key", async () => {
    const administrator = await addPerson(server, { roles: ["administrator"], proved: false });
    const body = { name: "proved", scopes: ["workflows:read"] };
    expect(codeOf(await administrator.send("POST", "/keys", body))).toBe("403 FRESH_PROOF_NEEDED");
    const headers = { "x-totem-code": administrator.code() };
    expect(codeOf(await administrator.send("POST", "/keys", body, headers))).toBe(201);
    // With a second person, the administrator's key signs in no one any more.
    await owner.send("DELETE", `/people/${administrator.id}`);
  });
});
