import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MailItem } from "../../../plugin/api/settings.ts";
import { addPerson } from "../../support/add-person.ts";
import { agentWorkflow, node } from "../../support/build-workflow.ts";
import { everyRow } from "../../support/every-row.ts";
import { startImapStandIn } from "../../support/imap-stand-in.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let owner: PersonSession;

beforeAll(async () => {
  server = await startTestServer({
    settings: { TOTEM_SMTP_PORT: "0", TOTEM_MAIL_DOMAIN: "agents.example" },
  });
  owner = await signInPerson(server);
});
afterAll(() => server.stop());

const itemsOf = async (session: PersonSession): Promise<MailItem[]> =>
  (await session.send("GET", "/settings/mail")).body.items;
const itemOf = async (session: PersonSession, id: MailItem["id"]) =>
  (await itemsOf(session)).find((item) => item.id === id);
const test = (session: PersonSession, what: string) => session.send("POST", "/settings/mail/test", { what });

describe("about this server", () => {
  it("says its version, its database, the newest migration and how it is", async () => {
    const { status, body } = await owner.send("GET", "/about");
    expect(status).toBe(200);
    expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(body.database.version).toMatch(/^\d+/);
    expect(body.database.migration).toMatch(/^00\d\d-/);
    expect(body.uptime_seconds).toBeGreaterThanOrEqual(0);
    expect(
      body.checks.map(({ name, state }: { name: string; state: string }) => `${name}: ${state}`),
    ).toEqual([
      "Database: ok",
      "Clock: ok",
      "Runs: ok",
      `Audit log: ${process.env.DATABASE_URL ? "warning" : "ok"}`,
      "Mail in by SMTP: warning",
    ]);
  });

  it("is for people who manage settings or read lists, and shows no path", async () => {
    const auditor = await addPerson(server, { roles: ["auditor"] });
    const builder = await addPerson(server, { roles: ["builder"] });
    expect((await auditor.send("GET", "/about")).status).toBe(200);
    expect((await builder.send("GET", "/about")).status).toBe(403);
    expect((await auditor.send("GET", "/about")).text).not.toMatch(/\/tmp|\/home|\.totem/);
    expect((await auditor.send("GET", "/settings/mail")).status).toBe(200);
    expect((await test(auditor, "smtp")).status).toBe(403);
  });
});

describe("mail and webhooks", () => {
  it("says what is set, what is off and what is missing, in sentences", async () => {
    expect(await itemOf(owner, "domain")).toMatchObject({ state: "ok", missing: [] });
    const smtp = await itemOf(owner, "smtp");
    expect(smtp).toMatchObject({
      state: "warning",
      text: `Takes mail on port ${server.smtpPort} from this machine only.`,
    });
    expect(smtp?.missing.join(" ")).toMatch(/TOTEM_SMTP_HOST.*TOTEM_SMTP_CERT/);
    expect((await itemOf(owner, "imap"))?.missing[0]).toMatch(/^Set TOTEM_IMAP_URL/);
    expect(await itemOf(owner, "sources")).toMatchObject({ state: "off" });
    for (const { missing } of await itemsOf(owner))
      for (const sentence of missing) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it("tests SMTP with a message that goes the whole way, and leaves none of it", async () => {
    const answer = await test(owner, "smtp");
    expect(answer.body).toEqual({
      ok: true,
      steps: [
        `A test message came in over SMTP on port ${server.smtpPort}.`,
        "It was stored, its code was found, and it was deleted again.",
      ],
    });
    const stored = await everyRow(server.database.kysely);
    for (const table of ["public.mailbox", "public.inbox_message"]) expect(stored.get(table)).toEqual([]);
    const { audit_events } = (await owner.send("GET", "/audit-events?action=settings.mail_tested")).body;
    expect(audit_events).toMatchObject([{ actor: "Owner", subject: "smtp", reason: "ok" }]);
  });

  it("H3: asks a person for a fresh proof before it tests, and takes no other word for what to test", async () => {
    const ada = await addPerson(server, { roles: ["administrator"], proved: false });
    expect((await test(ada, "smtp")).body.code).toBe("FRESH_PROOF_NEEDED");
    expect((await test(owner, "pop")).body.errors[0].field).toBe("what");
  });

  it("tests the mailbox of another server, says why it fails, and never shows its password", async () => {
    const imap = await startImapStandIn();
    const secret = "wrong-9f2b";
    for (const [password, ok, words] of [
      ["right", true, "Signed in to 127.0.0.1."],
      [secret, false, "127.0.0.1 refuses the user name or the password."],
    ] as const) {
      const other = await startTestServer({
        settings: { TOTEM_IMAP_URL: `imap://bob-7c1d:${password}@127.0.0.1:${imap.port}/INBOX` },
      });
      try {
        const session = await signInPerson(other);
        const { body } = await test(session, "imap");
        expect([body.ok, body.steps[0]]).toEqual([ok, words]);
        const shown = JSON.stringify(await itemsOf(session));
        for (const hidden of [password === "right" ? ":right@" : secret, "bob-7c1d"])
          expect(shown).not.toContain(hidden);
      } finally {
        await other.stop();
      }
    }
    const { body } = await test(owner, "imap");
    expect(body).toEqual({ ok: false, steps: ["No mailbox is set: TOTEM_IMAP_URL is empty."] });
  });
});

describe("the keys of models", () => {
  it("say who stored them and which workflows name them, and are replaced under their name", async () => {
    const secret = "sk-first-4f3a";
    await owner.send("POST", "/model-keys", { name: "main", provider: "openai", key: secret });
    const graph = agentWorkflow();
    const config = { provider: "openai", model: "gpt", model_key: "main" };
    graph.nodes.push(node("other-model", "ai_model", config));
    await server.addWorkflow(graph, "Uses it");
    const { body } = await owner.send("GET", "/model-keys?uses=true");
    expect(body.model_keys).toMatchObject([
      { name: "main", created_by: "Owner", used_by: [{ slug: "uses-it", name: "Uses it" }] },
    ]);
    const before = (await everyRow(server.database.kysely)).get("public.model_key");
    expect((await owner.send("PUT", "/model-keys/main", { key: "sk-second-77" })).status).toBe(204);
    const after = (await everyRow(server.database.kysely)).get("public.model_key");
    expect(after).not.toEqual(before);
    expect(`${before}${after}`).not.toMatch(/sk-first|sk-second/);
    expect((await owner.send("PUT", "/model-keys/none", { key: "x" })).status).toBe(404);
    expect((await owner.send("PUT", "/model-keys/main", { base_url: "https://a.example" })).status).toBe(400);
  });

  it("H3: are replaced only after a fresh proof, and by no builder", async () => {
    const ada = await addPerson(server, { roles: ["administrator"], proved: false });
    const builder = await addPerson(server, { roles: ["builder"] });
    const replace = (session: PersonSession) => session.send("PUT", "/model-keys/main", { key: "sk-x" });
    expect((await replace(ada)).body.code).toBe("FRESH_PROOF_NEEDED");
    expect((await replace(builder)).status).toBe(403);
  });
});
