import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { createLogger } from "../../../server/logger.ts";
import { readSettings } from "../../../server/settings.ts";
import { startServer, startWorker } from "../../../server/start-server.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { random } from "../../support/seeded-random.ts";
import { clientOf } from "../../support/start-test-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { createTwoRoles } from "../../support/two-roles.ts";

const adminKey = random.bytes(24).toString("base64url");
const settingsOf = (urls: Record<string, string>) => ({
  TOTEM_PORT: "0",
  TOTEM_ADMIN_KEY: adminKey,
  TOTEM_MASTER_KEY: random.bytes(32).toString("base64"),
  TOTEM_DATA: temporaryFolder(),
  ...urls,
});
const logger = createLogger("silent");

async function startAt(environment: Record<string, string>) {
  const server = await startServer(readSettings(environment), { logger });
  onTestFinished(server.stop);
  const send = clientOf(server.url);
  const api = (method: string, path: string, body?: unknown) =>
    send(method, `/api/v1${path}`, body, { authorization: `Bearer ${adminKey}` });
  return { ...server, api };
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const auditCheck = (body: { checks: { name: string }[] }) =>
  body.checks.find(({ name }) => name === "Audit log");

it("G8: a server whose role owns nothing adds to the log and cannot change, remove or empty it", async () => {
  const { ownerUrl, appUrl } = await createTwoRoles();
  const environment = settingsOf({ DATABASE_URL: appUrl, TOTEM_MIGRATION_DATABASE_URL: ownerUrl });
  const server = await startAt(environment);
  expect(auditCheck((await server.api("GET", "/about")).body)).toMatchObject({ state: "ok" });

  // It works as a whole: accounts, codes, runs on the queue, seals.
  const { slug } = (await server.api("POST", "/workflows", { name: "Roles", ...agentWorkflow() })).body;
  for (const node of ["create", "code"])
    expect(
      (await server.api("POST", `/workflows/${slug}/nodes/${node}/call`, { arguments: {} })).body.success,
    ).toBe(true);
  const run = (await server.api("POST", `/workflows/${slug}/runs`, { input: "go" })).body;
  await expect.poll(async () => (await server.api("GET", `/runs/${run.id}`)).body.status).toBe("succeeded");

  const app = await connect(appUrl);
  await expect
    .poll(async () => (await app.query("select count(*)::int as seals from audit_seal")).rows[0].seals)
    .toBeGreaterThan(0);
  const denied = [
    "update audit_event set result = 'refused'",
    "delete from audit_event",
    "truncate audit_event",
    "update audit_seal set signature = ''",
    "delete from audit_seal",
    "update audit_key set public_key = ''",
    "delete from audit_key",
    "alter table audit_event disable trigger only_added",
    "drop trigger only_added on audit_event",
    "drop table audit_event",
    "select setval('audit_event_id_seq', 1)",
    "update kysely_migration set name = ''",
    "select nextval('audit_event_id_seq')",
    "create table public.shadow (id int)",
  ];
  const high = () =>
    app.query(`insert into audit_event (id, workspace_id, at, actor_kind, actor_id, action, result)
      overriding system value select 9007199254740991, id, now(), 'person', 'p', 'code.read', 'ok' from workspace`);
  await expect(high()).rejects.toThrow("currval");
  await app.query(`insert into audit_event (workspace_id, at, actor_kind, actor_id, action, result)
    select id, now(), 'person', 'p', 'code.read', 'ok' from workspace`);
  await high();
  expect((await app.query("select max(id)::text as id from audit_event")).rows[0].id).not.toBe(
    "9007199254740991",
  );
  for (const statement of denied)
    await expect(app.query(statement), statement).rejects.toThrow(/^(permission denied|must be owner)/);
});

it("G8: a worker without the owner's address works on a schema that is up to date", async () => {
  const { ownerUrl, appUrl } = await createTwoRoles();
  const environment = settingsOf({ DATABASE_URL: appUrl });
  await expect(startWorker(readSettings(environment), { logger })).rejects.toThrow(
    "TOTEM_MIGRATION_DATABASE_URL",
  );
  const server = await startAt({ ...environment, TOTEM_MIGRATION_DATABASE_URL: ownerUrl });
  const worker = await startWorker(readSettings(environment), { logger });
  await worker.stop();
  expect((await server.api("GET", "/about")).status).toBe(200);
});

it("G8: an owner is refused by the trigger, and is one role", async () => {
  const { ownerUrl } = await createTwoRoles();
  const server = await startAt(
    settingsOf({ DATABASE_URL: ownerUrl, TOTEM_MIGRATION_DATABASE_URL: ownerUrl }),
  );
  const check = auditCheck((await server.api("GET", "/about")).body);
  expect(check).toMatchObject({ state: "warning", text: expect.stringContaining("One database role") });
  const owner = await connect(ownerUrl);
  for (const statement of [
    "update audit_event set ip = null",
    "delete from audit_event",
    "truncate audit_event",
  ])
    await expect(owner.query(statement), statement).rejects.toThrow("Rows of audit_event are only added");
});

it("refuses an owner's address that is another database", async () => {
  const [one, other] = [await createTwoRoles(), await createTwoRoles()];
  const environment = settingsOf({ DATABASE_URL: one.appUrl, TOTEM_MIGRATION_DATABASE_URL: other.ownerUrl });
  await expect(startServer(readSettings(environment), { logger })).rejects.toThrow(
    "must be the same database",
  );
});
