import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveEveryTool } from "../../support/agent-rights.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

let server: TestServer;
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const keys: Record<string, string> = {};
const agents: { key: string; username: string }[] = [];

beforeAll(async () => {
  server = await startTestServer();
  for (const name of ["owner", "friend", "stranger"])
    keys[name] = (
      await server.api("POST", "/keys", {
        name,
        scopes: ["vault:read", "vault:write", "vault:open", "vault:backup", "vault:delete", "codes:read"],
      })
    ).body.key;
  for (const name of ["First", "Second"]) {
    const slug = await server.addWorkflow(agentWorkflow(), name);
    const { body } = await server.call(slug, "create");
    await giveEveryTool(server, body.username);
    agents.push({ key: body.api_key, username: body.username });
  }
});
afterAll(() => server.stop());

const as = (name: string) => server.as(keys[name] ?? "");
const add = async (name: string) =>
  (
    await as("owner")("POST", "/vault/entries", {
      name,
      one_time: { secret: seed },
      data: { password: "hidden" },
      backup_codes: ["one", "two", "three"],
    })
  ).body.id as string;

/** Every way to reach something of an entry, and the right it takes. */
const ways = (id: string) =>
  [
    ["codes", "GET", `/vault/entries/${id}/code`],
    ["backup", "POST", `/vault/entries/${id}/backup-code`],
    ["data", "GET", `/vault/entries/${id}/data`],
    ["manage", "GET", `/vault/entries/${id}/grants`],
    ["manage", "POST", `/vault/entries/${id}/confirm`],
    ["manage", "PUT", `/vault/entries/${id}/secret`, { one_time: { secret: seed } }],
  ] as const;

describe("an entry", () => {
  it("is not there for anybody but its owner and the administrators", async () => {
    const id = await add("mine");
    for (const [, method, path, body] of ways(id)) {
      expect((await as("owner")(method, path, body)).status, path).toBeLessThan(300);
      expect((await server.api(method, path, body)).status, path).toBeLessThan(300);
      expect((await as("stranger")(method, path, body)).body.code, path).toBe("VAULT_ENTRY_NOT_FOUND");
      expect((await server.as(agents[0]?.key ?? "")(method, path, body)).status, path).toBe(404);
    }
    expect((await as("stranger")("GET", "/vault/entries")).body.entries).toEqual([]);
  });

  it.each(["codes", "backup", "data", "manage"] as const)(
    "shared by a grant of %s gives that and nothing else, and nothing again when it is taken away",
    async (right) => {
      const id = await add(`shared ${right}`);
      const grantee = { kind: "service_key", name: "friend" };
      const set = (rights: string[]) =>
        as("owner")("PUT", `/vault/entries/${id}/grants`, { grantee, rights });
      expect((await set([right])).body.grants).toMatchObject([{ grantee, rights: [right] }]);
      for (const [needed, method, path, body] of ways(id)) {
        const { status, body: answer } = await as("friend")(method, path, body);
        if (needed === right) expect(status, path).toBeLessThan(300);
        else expect([status, answer.code], path).toEqual([403, "FORBIDDEN"]);
      }
      await set([]);
      for (const [, method, path, body] of ways(id))
        expect((await as("friend")(method, path, body)).status, path).toBe(404);
      expect((await set([])).body.code).toBe("GRANT_NOT_FOUND");
    },
  );

  it("granted to one agent gives another agent nothing, also under the same name", async () => {
    const id = await add("github");
    const [first, second] = agents;
    await as("owner")("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "agent_user", name: first?.username },
      rights: ["codes"],
      outside_canvas: true,
    });
    const totp = (key: string | undefined) =>
      server.send("GET", "/v0/vault/github/totp", undefined, { authorization: `Bearer ${key}` });
    expect((await totp(first?.key)).status).toBe(200);
    expect((await totp(second?.key)).status).toBe(404);
    await server.as(second?.key ?? "")("POST", "/vault/entries", { name: "github", one_time: {} });
    expect((await totp(second?.key)).body.code).not.toBe((await totp(first?.key)).body.code);
    // Two others' entries of one name: none is picked for whoever sees both.
    const both = await server.send("GET", "/v0/vault/github/totp", undefined, {
      authorization: `Bearer ${server.adminKey}`,
    });
    expect([both.status, both.body.error]).toEqual([409, "conflict"]);
  });

  it("G7: leaves a trace of every read and every refusal, with the step and never the code", async () => {
    const id = await add("traced");
    const { code } = (await as("owner")("GET", `/vault/entries/${id}/code`)).body;
    await as("stranger")("GET", `/vault/entries/${id}/code`);
    await as("owner")("GET", `/vault/entries/${id}/data`);
    const { body, text } = await server.api("GET", "/audit-events?limit=20");
    const about = body.audit_events.filter((event: { subject: string }) => event.subject === id);
    const told = about.map((event: Record<string, unknown>) => [event.action, event.actor, event.result]);
    expect(told).toContainEqual(["vault.code_read", "owner", "ok"]);
    expect(told).toContainEqual(["vault.code_read", "stranger", "refused"]);
    expect(told).toContainEqual(["vault.data_read", "owner", "ok"]);
    const read = about.find(
      (event: Record<string, unknown>) => event.action === "vault.code_read" && event.result === "ok",
    );
    expect(read.counter).toBeGreaterThan(50_000_000);
    expect(withoutRandom(text)).not.toMatch(new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`));
  });
});
