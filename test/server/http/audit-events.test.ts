import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEventBody } from "../../../plugin/api/audit-events.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let entryId: string;

const list = async (query: Record<string, string> = {}): Promise<AuditEventBody[]> => {
  const answer = await server.api("GET", `/audit-events?${new URLSearchParams(query)}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.audit_events;
};
const actions = async (query: Record<string, string>) => [
  ...new Set((await list(query)).map(({ action }) => action)),
];

beforeAll(async () => {
  server = await startTestServer();
  const { key } = (
    await server.api("POST", "/keys", { name: "re_ad.er", scopes: ["vault:read", "codes:read"] })
  ).body;
  const stored = await server.api("POST", "/vault/entries", { name: "GitHub", one_time: {} });
  entryId = stored.body.id;
  await server.api("PUT", `/vault/entries/${entryId}/grants`, {
    grantee: { kind: "service_key", name: "re_ad.er" },
    rights: ["codes"],
  });
  await server.as(key)("GET", `/vault/entries/${entryId}/code`);
  await server.as(key)("POST", `/vault/entries/${entryId}/backup-code`);
});
afterAll(() => server.stop());

describe("the audit log", () => {
  it("is narrowed to one actor, one subject and one result", async () => {
    const reader = await list({ actor: "re_ad.er" });
    expect(reader.length).toBeGreaterThanOrEqual(2);
    expect(reader.every(({ actor }) => actor === "re_ad.er")).toBe(true);
    expect((await list({ subject: entryId })).every(({ subject }) => subject === entryId)).toBe(true);
    const refused = await list({ result: "refused" });
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ result }) => result === "refused")).toBe(true);
    expect((await list({ actor: "re_ad.er", result: "ok" })).map(({ action }) => action)).toEqual([
      "vault.code_read",
    ]);
  });

  it("is narrowed to one action, or to all that begin the same way", async () => {
    expect(await actions({ action: "vault.code_read" })).toEqual(["vault.code_read"]);
    expect(await actions({ action: "vault.code" })).toEqual([]);
    const vault = await actions({ action: "vault." });
    expect(vault).toEqual(
      expect.arrayContaining(["vault.entry_created", "vault.granted", "vault.code_read"]),
    );
    expect(vault.every((action) => action.startsWith("vault."))).toBe(true);
  });

  it("is searched for text in any case, with no sign that means more than itself", async () => {
    expect(await actions({ text: "CODE_READ" })).toEqual(["vault.code_read"]);
    expect((await list({ text: "RE_AD" })).length).toBeGreaterThan(0);
    expect(await list({ text: "re%er" })).toEqual([]);
    expect(await list({ text: "%" })).toEqual([]);
  });

  it("is paged within what it is narrowed to", async () => {
    const all = await list({ action: "vault." });
    const first = await list({ action: "vault.", limit: "2" });
    const rest = await list({ action: "vault.", before: String(first[1]?.id) });
    expect([...first, ...rest]).toEqual(all);
  });

  it("refuses a result there is none of, and text no database holds", async () => {
    for (const query of ["result=maybe", "text=%00", "actor=%00", "action=%00"])
      expect((await server.api("GET", `/audit-events?${query}`)).status, query).toBe(400);
  });
});
