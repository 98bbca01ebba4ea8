import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEventBody } from "../../../plugin/api/audit-events.ts";
import { type AddedPerson, addPerson } from "../../support/add-person.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { deliver } from "../../support/deliver.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let owner: PersonSession;
let ada: AddedPerson;

const list = async (query: Record<string, string> = {}): Promise<AuditEventBody[]> =>
  (await owner.send("GET", `/audit-events?${new URLSearchParams({ limit: "500", ...query })}`)).body
    .audit_events;

/** A day in which every kind of caller does what there is a row about. */
beforeAll(async () => {
  server = await startTestServer({ settings: { TOTEM_MAIL_DOMAIN: "agents.example" } });
  owner = await signInPerson(server);
  ada = await addPerson(server, { name: "Ada", roles: ["administrator", "auditor"] });
  const stored = await ada.send("POST", "/vault/entries", { name: "GitHub", one_time: {} });
  const { id, key } = (await ada.send("POST", "/keys", { name: "ci", scopes: ["vault:read", "codes:read"] }))
    .body;
  const entry = `/vault/entries/${stored.body.id}`;
  const grantee = { kind: "service_key", name: "ci" };
  await ada.send("PUT", `${entry}/grants`, { grantee, rights: ["codes"] });
  await ada.send("GET", `${entry}/code`);
  await server.as(key)("GET", `${entry}/code`);
  await server.as(key)("POST", `${entry}/backup-code`);
  const slug = (await ada.send("POST", "/workflows", { name: "A day", ...agentWorkflow() })).body.slug;
  const call = (tool: string) => ada.send("POST", `/workflows/${slug}/nodes/${tool}/call`, {});
  const { api_key } = (await call("create")).body;
  await call("code");
  await server.as(api_key)("POST", "/mcp-tokens");
  await ada.send("POST", `/workflows/${slug}/runs`, {});
  await ada.send("POST", "/inbox/mailboxes", { address: "team@agents.example" });
  await deliver(server, "team@agents.example", "Your code is 482193");
  const { messages } = (await ada.send("GET", "/inbox/messages")).body;
  await ada.send("GET", `/inbox/messages/${messages[0].id}`);
  await hostClient(server, await hostKey(server, "n8n of the team"))("create_agent_user");
  const { token } = (await ada.send("POST", "/mcp-tokens", { service_key: "ci" })).body;
  const listTools = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  await server.send("POST", `/mcp/${token}`, listTools, { accept: "application/json, text/event-stream" });
  await ada.send("POST", `/keys/${id}/rotate`, {});
  await ada.send("DELETE", `/keys/${id}`);
  await server.api("POST", "/keys", { name: "by automation", scopes: ["vault:read"] });
  await server.send("GET", "/api/v1/keys", undefined, { cookie: ada.cookie });
});
afterAll(() => server.stop());

describe("the audit log, once a person exists", () => {
  it("H4: names a person, an agent, a key or a host in every row, and never an administrator", async () => {
    const events = await list();
    expect(events.length).toBeGreaterThan(12);
    for (const event of events) {
      const said = JSON.stringify(event);
      expect(event.actor, said).not.toMatch(/^administrators?$/i);
      expect(event.actor_id, said).not.toMatch(/^administrators?$/i);
      expect(["person", "service_key", "agent_user", "agent_node", "system"], said).toContain(
        event.actor_kind,
      );
      expect(event.actor_role !== null, said).toBe(event.actor_kind === "person");
    }
    const ofAda = events.filter(({ actor_id }) => actor_id === ada.id);
    expect(
      ofAda.every(({ actor, actor_role }) => `${actor} ${actor_role}` === "Ada administrator, auditor"),
    ).toBe(true);
    expect(new Set(ofAda.map(({ action }) => action))).toEqual(
      new Set([
        ...["studio.signed_in", "studio.session_refused", "second_step.enrolled"],
        ...["vault.entry_created", "vault.granted", "vault.code_read", "agent_user.created", "code.read"],
        ...["service_key.created", "service_key.rotated", "service_key.revoked"],
        ...[
          "workflow.created",
          "run.started",
          "inbox.mailbox_created",
          "inbox.message_read",
          "mcp_token.created",
        ],
      ]),
    );
    expect(
      new Set(events.filter(({ actor_kind }) => actor_kind === "service_key").map(({ actor }) => actor)),
    ).toEqual(new Set(["ci", "totem_admin", "n8n of the team"]));
  });

  it("is narrowed to a person by name and by id, and searched for names and roles", async () => {
    const byName = await list({ actor: "Ada" });
    expect(byName.length).toBeGreaterThan(5);
    expect(await list({ actor: ada.id })).toEqual(byName);
    expect(await list({ text: "ada" })).toEqual(expect.arrayContaining(byName.slice(0, 3)));
    expect((await list({ text: "administrator, auditor" })).length).toBe(byName.length);
  });

  it("says the name of a person something was done to, and the actor's name of that time", async () => {
    const { body } = await owner.send("GET", "/whoami");
    await server.database.kysely
      .updateTable("person")
      .set({ name: "Zoe" })
      .where("id", "=", body.person.id)
      .execute();
    const [created] = await list({ action: "person.created" });
    expect(created).toMatchObject({ subject_kind: "person", subject_name: "Zoe", actor: "Owner" });
  });
});

describe("a session from before there were people", () => {
  it("H4: ends with the first person, and can make none itself", async () => {
    const old = await startTestServer();
    try {
      const session = await signInPerson(old);
      const db = old.database.kysely;
      await db.updateTable("studio_session").set({ person_id: null }).execute();
      expect((await session.send("GET", "/workflows")).status).toBe(401);
      // As in an installation that was just brought up to date.
      await db
        .updateTable("workspace_member")
        .set({ removed_at: new Date(0) })
        .execute();
      expect((await session.send("GET", "/workflows")).status).toBe(200);
      const invited = await session.send("POST", "/people/invitations", {
        email: "bob@example.com",
        roles: ["builder"],
      });
      expect([invited.status, invited.body.code]).toEqual([403, "FORBIDDEN"]);
      expect(invited.text).toMatch(/Open a new sign-in link first/);
    } finally {
      await old.stop();
    }
  });
});
