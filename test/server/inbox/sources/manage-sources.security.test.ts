import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyRow } from "../../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const token = "planted0123456789abcdef0123456789";
const twilio = { kind: "twilio", name: "main number", secret: token };
const pull = { kind: "pull", name: "asked", address: "Asked@Example.com", url: "https://codes.example/totp" };

describe("sources of messages", () => {
  it("E2: show a secret that is made here once, repeat none that was sent, and keep both sealed", async () => {
    const sent = await server.api("POST", "/inbox/sources", twilio);
    expect([sent.status, sent.body.secret, sent.text.includes(token)]).toEqual([201, null, false]);
    const made = await server.api("POST", "/inbox/sources", { kind: "webhook", name: "forwarder" });
    expect(made.body).toMatchObject({ kind: "webhook", disabled: false, last_error: null, address: null });
    const asked = await server.api("POST", "/inbox/sources", pull);
    expect(asked.body).toMatchObject({ hook_url: null, address: "asked@example.com" });
    const list = await server.api("GET", "/inbox/sources");
    expect(list.body.sources.map(({ name }: { name: string }) => name)).toEqual([
      "asked",
      "forwarder",
      "main number",
    ]);
    const rows = JSON.stringify([...(await everyRow(server.database.kysely))]);
    for (const secret of [token, made.body.secret, asked.body.secret]) {
      expect(secret.length).toBeGreaterThan(30);
      expect(list.text).not.toContain(secret);
      expect(rows).not.toContain(secret);
    }
  });

  it("have names of their own in a workspace, and none that another workspace's name could spoil", async () => {
    const again = await server.api("POST", "/inbox/sources", twilio);
    expect([again.status, again.body.code]).toEqual([409, "INBOX_SOURCE_NAME_TAKEN"]);
    const { key } = (await server.api("POST", "/workspaces", { name: "b" })).body;
    expect((await server.as(key)("POST", "/inbox/sources", twilio)).status).toBe(201);
  });

  it.each([
    ["no kind", { name: "x" }],
    ["another kind", { kind: "smtp", name: "x" }],
    ["no token", { kind: "twilio", name: "x" }],
    ["a short token", { ...twilio, name: "x", secret: "short" }],
    ["nobody to ask", { kind: "pull", name: "x", address: "a@example.com" }],
    ["no address to ask for", { ...pull, name: "x", address: undefined }],
    ["a file to ask", { ...pull, name: "x", url: "file:///etc/passwd" }],
    ["a password in the address to ask", { ...pull, name: "x", url: "https://a:b@codes.example" }],
    ["a secret of its own choosing", { kind: "webhook", name: "x", secret: token }],
  ])("are refused with %s, without repeating what was sent", async (_what, body) => {
    const answer = await server.api("POST", "/inbox/sources", body);
    expect([answer.status, answer.body.code]).toEqual([400, "INPUT_INVALID"]);
    expect(answer.text).not.toContain(token);
  });

  it("G7: leave a trace of being added, changed and deleted", async () => {
    const { id } = (await server.api("POST", "/inbox/sources", { kind: "webhook", name: "traced" })).body;
    const changed = await server.api("PATCH", `/inbox/sources/${id}`, {
      disabled: true,
      address: "A@b.example",
    });
    expect(changed.body).toMatchObject({ disabled: true, address: "a@b.example" });
    expect((await server.api("PATCH", `/inbox/sources/${id}`, { address: null })).body).toMatchObject({
      disabled: true,
      address: null,
    });
    expect((await server.api("DELETE", `/inbox/sources/${id}`)).status).toBe(204);
    expect((await server.api("DELETE", `/inbox/sources/${id}`)).body.code).toBe("INBOX_SOURCE_NOT_FOUND");
    const { audit_events: events } = (await server.api("GET", "/audit-events?limit=50")).body;
    expect(
      events
        .filter(({ subject }: { subject: string }) => subject === id)
        .map(({ action }: { action: string }) => action),
    ).toEqual([
      "inbox.source_deleted",
      "inbox.source_changed",
      "inbox.source_changed",
      "inbox.source_created",
    ]);
  });
});
