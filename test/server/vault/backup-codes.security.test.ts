import { afterAll, beforeAll, expect, it } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
let friend: string;
let number = 0;

beforeAll(async () => {
  server = await startTestServer({ clock });
  const scopes = ["vault:read", "vault:write", "vault:open", "vault:backup", "vault:delete"];
  friend = (await server.api("POST", "/keys", { name: "friend", scopes })).body.key;
});
afterAll(() => server.stop());

const codes = ["aaaa-1111", "bbbb-2222", "cccc-3333"];
async function shared(rights: string[], policy: object = {}, more: object = {}) {
  const name = `entry ${++number}`;
  const { id } = (
    await server.api("POST", "/vault/entries", { name, one_time: {}, backup_codes: codes, ...more })
  ).body;
  const grant = (next: object) =>
    server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "service_key", name: "friend" },
      rights,
      policy: next,
    });
  expect((await grant(policy)).status).toBe(200);
  return { id: id as string, name, grant };
}
const open = async (name: string, key = friend) =>
  (
    await server.send("GET", `/v0/vault/${encodeURIComponent(name)}`, undefined, {
      authorization: `Bearer ${key}`,
    })
  ).body.data;
const take = async (id: string, key = friend) => {
  const { status, body } = await server.as(key)("POST", `/vault/entries/${id}/backup-code`);
  return status === 200 ? body.code : body.code;
};
const readings = async (id: string) =>
  (await server.api("GET", `/audit-events?subject=${id}&limit=100`)).body.audit_events
    .filter(({ action }: { action: string }) => action === "vault.backup_codes_read")
    .map(({ actor }: { actor: string }) => actor);

it("B10: are shown together only to a manager of the entry, and that is in the audit log", async () => {
  const { id, name } = await shared(["codes", "backup", "data"]);
  expect(await open(name)).toEqual({ hasTotp: true });
  expect(await readings(id)).toEqual([]);
  expect(await open(name, server.adminKey)).toEqual({
    hasTotp: true,
    backupCodes: codes,
    usedBackupCodes: [],
  });
  expect(await readings(id)).toHaveLength(1);
  const managed = await shared(["data", "manage"]);
  expect((await open(managed.name)).backupCodes).toEqual(codes);
  expect(await readings(managed.id)).toEqual(["friend"]);
  // Where there are none, nobody has read any.
  const empty = await shared(["data", "manage"], {}, { backup_codes: [] });
  expect(await open(empty.name)).toEqual({ hasTotp: true });
  expect(await readings(empty.id)).toEqual([]);
});

it("B10: of an expired entry are given to no caller", async () => {
  const { id } = await shared(
    ["backup"],
    {},
    { expires_at: new Date(clock.now().getTime() + 1).toISOString() },
  );
  expect(await take(id)).toBe(codes[0]);
  clock.advance(1);
  expect([await take(id), await take(id, server.adminKey)]).toEqual([
    "VAULT_ENTRY_EXPIRED",
    "VAULT_ENTRY_EXPIRED",
  ]);
});

it("B10: are not given to agents before the entry is confirmed", async () => {
  const { id } = await shared(["backup"], {}, { pending: true });
  expect(await take(id)).toBe("VAULT_ENTRY_PENDING");
  await server.api("POST", `/vault/entries/${id}/confirm`);
  expect(await take(id)).toBe(codes[0]);
});

it("D12: keep to the policy of a grant as codes do, and a refusal is in the audit log", async () => {
  for (const policy of [
    { decision: "deny" },
    { decision: "approve" },
    { workflows: ["00000000-0000-4000-8000-000000000000"] },
    { hours: { from: "00:00", to: "06:00", time_zone: "UTC" } },
  ]) {
    const { id, grant } = await shared(["codes", "backup"], policy);
    expect([policy, await take(id)]).toEqual([policy, "POLICY_REFUSED"]);
    const [event] = (await server.api("GET", `/audit-events?subject=${id}`)).body.audit_events;
    expect(event).toMatchObject({ action: "vault.backup_code_taken", actor: "friend", result: "refused" });
    expect(await take(id, server.adminKey)).toBe(codes[0]);
    await grant({});
    expect(await take(id)).toBe(codes[1]);
  }
});

it("D13: are not given on the yes of a person to a code", async () => {
  const { id } = await shared(["codes", "backup"], { decision: "approve" });
  await server.as(friend)("GET", `/vault/entries/${id}/code`);
  const person = await addPerson(server, { roles: ["operator"] });
  const { approvals } = (await person.send("GET", "/approvals")).body;
  await person.send("POST", `/approvals/${approvals[0].id}`, { decision: "approve" });
  expect(await take(id)).toBe("POLICY_REFUSED");
  expect((await server.as(friend)("GET", `/vault/entries/${id}/code`)).status).toBe(200);
});

it("D12: count into the same limit of reads as codes", async () => {
  const { id } = await shared(["codes", "backup"], { max_reads_per_hour: 2 });
  const taken = await Promise.all([take(id), take(id), take(id)]);
  expect(taken.toSorted()).toEqual(["RATE_LIMITED", codes[0], codes[1]].toSorted());
  expect((await server.as(friend)("GET", `/vault/entries/${id}/code`)).body.code).toBe("RATE_LIMITED");
  clock.advance(60 * 60 + 1);
  expect(await take(id)).toBe(codes[2]);
});
