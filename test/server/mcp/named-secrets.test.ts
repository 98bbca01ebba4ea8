import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveEveryTool } from "../../support/agent-rights.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const username = "agent_names_agent";
const token = "ghp_listed_canary_4711";
let server: TestServer;
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  const slug = await server.addWorkflow(agentWorkflow(), "Names");
  key = (await server.call(slug, "create")).body.api_key;
  await giveEveryTool(server, username);
});
afterAll(() => server.stop());

async function addEntry(name: string, rights: readonly string[], more: object = {}): Promise<void> {
  const stored = await server.api("POST", "/vault/entries", {
    name,
    data: { username: "ada", token, "api.key": token, empty: "", nested: { no: "text" } },
    one_time: { secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" },
    backup_codes: ["9999-8888"],
    origins: ["https://api.github.com"],
    ...more,
  });
  expect(stored.status, stored.text).toBe(201);
  const granted = await server.api("PUT", `/vault/entries/${stored.body.id}/grants`, {
    grantee: { kind: "agent_user", name: username },
    rights,
    outside_canvas: true,
  });
  expect(granted.status, granted.text).toBe(200);
}

describe("H11: vault_list", () => {
  it("says how to name each secret that the agent may use, and no value; an entry that belongs nowhere has none", async () => {
    await addEntry("all", ["data", "codes"]);
    await addEntry("api.it's", ["codes"]);
    await addEntry("only data", ["data"]);
    await addEntry("backup", ["backup"]);
    await addEntry("nowhere", ["data", "codes"], { origins: [] });
    const { call } = await connectMcp(server, { key });
    const { body, ok } = await call("vault_list");
    expect([ok, JSON.stringify(body).includes(token)]).toEqual([true, false]);
    const names = Object.fromEntries(
      body.credentials.map((one: { name: string; named_secrets?: string[] }) => [
        one.name,
        one.named_secrets,
      ]),
    );
    const { all, ...rest } = names;
    expect(all.toSorted()).toEqual([
      "{{vault.all.'api.key'}}",
      "{{vault.all.code}}",
      "{{vault.all.token}}",
      "{{vault.all.username}}",
    ]);
    expect(rest["api.it's"]).toEqual(["{{vault.'api.it''s'.code}}"]);
    expect(rest["only data"].toSorted()).toEqual([
      "{{vault.only data.'api.key'}}",
      "{{vault.only data.token}}",
      "{{vault.only data.username}}",
    ]);
    expect([rest.backup, rest.nowhere]).toEqual([undefined, undefined]);
  });

  it("is told to a person who manages the agent, and of no other workspace's", async () => {
    const mine = await server.api("GET", `/agent-users/${username}/named-secrets`);
    expect([mine.status, mine.text.includes(token)]).toEqual([200, false]);
    const entries: { entry: string; origins: string[] }[] = mine.body.entries;
    expect(entries.map(({ entry, origins }) => [entry, origins.length])).toEqual([
      ["all", 1],
      ["api.it's", 1],
      ["nowhere", 0],
      ["only data", 1],
    ]);
    const other = (await server.api("POST", "/workspaces", { name: "other" })).body.key;
    expect((await server.as(other)("GET", `/agent-users/${username}/named-secrets`)).status).toBe(404);
    expect((await server.as(key)("GET", `/agent-users/${username}/named-secrets`)).status).toBe(403);
  });
});
