import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../../server/database/open-database.ts";
import { createLogger } from "../../../server/logger.ts";
import { readSettings } from "../../../server/settings.ts";
import { type RunningServer, startServer } from "../../../server/start-server.ts";
import { writeOldInstallation } from "../../support/old-installation.ts";
import { openTestDatabase } from "../../support/open-test-database.ts";
import { random } from "../../support/seeded-random.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const masterKey = random.bytes(32).toString("base64");
const adminKey = random.bytes(24).toString("base64url");
const settingsWith = (TOTEM_DATA: string) =>
  readSettings({ TOTEM_PORT: "0", TOTEM_ADMIN_KEY: adminKey, TOTEM_MASTER_KEY: masterKey, TOTEM_DATA });
const logger = createLogger("silent");

/** Everything that worked before the update, at a server of this version. */
async function expectAllOf(server: RunningServer, old: Awaited<ReturnType<typeof writeOldInstallation>>) {
  const send = async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text), cookie };
  };
  const bearer = { authorization: `Bearer ${old.key}` };
  const admin = { authorization: `Bearer ${adminKey}` };
  expect((await send("GET", "/whoami", bearer)).body).toMatchObject({
    kind: "service_key",
    name: "old robot",
    scopes: expect.arrayContaining(["vault:read", "vault:open", "vault:backup"]),
  });
  expect((await send("GET", "/whoami", admin)).body).toMatchObject({ name: "totem_admin" });

  // Its workflow runs.
  const { id } = (await send("POST", "/workflows/old/runs", bearer, { input: "go" })).body;
  await expect.poll(async () => (await send("GET", `/runs/${id}`, bearer)).body.status).toBe("succeeded");

  // Its tools give the model what they gave before.
  const { nodes } = (await send("GET", "/workflows/old", admin)).body;
  const reveals = nodes.map(({ id, data }: { id: string; data: { config: { reveal?: string } } }) => [
    id,
    data.config.reveal,
  ]);
  expect(reveals).toEqual(
    expect.arrayContaining([
      ["create", "value"],
      ["code", "value"],
      ["verify", undefined],
    ]),
  );

  // Its vault entry belongs nowhere until its address is taken from what is stored in it.
  const origins = async () => (await send("GET", "/vault/entries", admin)).body.entries[0].origins;
  expect(await origins()).toEqual([]);
  expect((await send("POST", "/vault/take-origins", admin, {})).body).toMatchObject({
    without: 0,
    next: null,
  });
  expect(await origins()).toEqual(["https://old.example"]);

  // The open page claims a proof, once; the cookie alone opens nothing before and after.
  const page = { cookie: old.cookie, "x-totem-proof": random.bytes(32).toString("base64url") };
  const thief = { cookie: old.cookie, "x-totem-proof": random.bytes(32).toString("base64url") };
  expect((await send("GET", "/whoami", { cookie: old.cookie })).body.code).toBe("SESSION_PROOF_NEEDED");
  expect((await send("POST", "/auth/claim", page)).status).toBe(204);
  expect((await send("POST", "/auth/claim", thief)).status).toBe(401);
  const { audit_events } = (await send("GET", "/audit-events?limit=100", admin)).body;
  expect(
    audit_events.filter(({ action }: { action: string }) => action === "studio.session_claimed"),
  ).toHaveLength(1);
  expect((await send("GET", "/whoami", page)).body).toMatchObject({ kind: "person" });
  expect((await send("GET", "/whoami", thief)).status).toBe(401);
  expect((await send("GET", "/workflows", page)).body.workflows).toMatchObject([{ slug: "old" }]);
  expect((await send("GET", "/auth/second-step", page)).body).toEqual({ on: true });

  // The first to open a link is the owner, with the second step that was there.
  const link = server.signInLink?.split("#sign-in=")[1];
  const owner = { "x-totem-proof": random.bytes(32).toString("base64url") };
  const { status, cookie } = await send("POST", "/auth/sign-in", owner, { link });
  expect(status).toBe(204);
  const signedIn = { ...owner, cookie };
  expect((await send("GET", "/whoami", signedIn)).body.person).toMatchObject({ roles: ["owner"] });
  expect((await send("GET", "/auth/second-step", signedIn)).body).toEqual({ on: true });
  expect((await send("GET", "/whoami", page)).status).toBe(401);
  const make = { name: "new robot", scopes: ["workflows:read"] };
  expect((await send("POST", "/keys", signedIn, make)).body.code).toBe("FRESH_PROOF_NEEDED");
  const code = { "x-totem-code": old.backupCode };
  expect((await send("POST", "/keys", { ...signedIn, ...code }, make)).status).toBe(201);
}

it("starts on a database of the version before there were people, and all that was there works", async () => {
  const database = await openTestDatabase({ migrated: false });
  onTestFinished(() => database.close());
  const old = await writeOldInstallation(database.kysely, { masterKey, adminKey });
  const server = await startServer(settingsWith(temporaryFolder()), {
    database: { ...database, close: async () => {} },
    logger,
  });
  onTestFinished(() => server.stop());
  await expectAllOf(server, old);
});

it.skipIf(process.env.DATABASE_URL)("starts on a data folder of that version", async () => {
  const folder = temporaryFolder();
  const database = await openDatabase({ dataFolder: folder });
  const old = await writeOldInstallation(database.kysely, { masterKey, adminKey });
  await database.close();
  const server = await startServer(settingsWith(folder), { logger });
  onTestFinished(() => server.stop());
  await expectAllOf(server, old);
});
