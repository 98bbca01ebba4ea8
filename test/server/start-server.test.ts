import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Tables } from "../../server/database/tables.ts";
import { createLogger } from "../../server/logger.ts";
import { readSettings } from "../../server/settings.ts";
import { startServer, startWorker } from "../../server/start-server.ts";
import { everyRow } from "../support/every-row.ts";
import { openTestDatabase, type TestDatabase } from "../support/open-test-database.ts";
import { refusalOf } from "../support/open-test-rooms.ts";
import { random } from "../support/seeded-random.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const quiet = createLogger("silent");
const settingsWith = (more: Record<string, string>) =>
  readSettings({ TOTEM_PORT: "0", TOTEM_ADMIN_KEY: "k".repeat(40), TOTEM_STUDIO: "off", ...more });
/** The same database for several servers: none of them may close it. */
const shared = (database: TestDatabase) => ({ ...database, close: async () => {} });

async function usedDatabase() {
  const database = await openTestDatabase();
  onTestFinished(() => database.close());
  const TOTEM_MASTER_KEY = random.bytes(32).toString("base64");
  const server = await startServer(settingsWith({ TOTEM_MASTER_KEY }), {
    database: shared(database),
    logger: quiet,
  });
  await server.stop();
  return { database, TOTEM_MASTER_KEY };
}

const tablesOf = async (db: Kysely<Tables>): Promise<number> =>
  (
    await sql<{
      n: number;
    }>`select count(*) as n from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')`.execute(
      db,
    )
  ).rows[0]?.n ?? 0;

describe("E6: a start that is refused", () => {
  it.each([
    ["a wrong master key", { TOTEM_MASTER_KEY: random.bytes(32).toString("base64") }, "MASTER_KEY_WRONG"],
    ["a master key with one bit changed", undefined, "MASTER_KEY_WRONG"],
    ["no master key beside a database", {}, "MASTER_KEY_MISSING"],
    [
      "no master key for a PostgreSQL",
      { DATABASE_URL: "postgres://nobody@127.0.0.1:1/x" },
      "MASTER_KEY_MISSING",
    ],
    ["a key file that is not there", { TOTEM_MASTER_KEY_FILE: "/nonexistent/master.key" }, "SETTING_INVALID"],
  ])("says so and writes nothing, neither rows nor files: %s", async (_what, given, code) => {
    const { database, TOTEM_MASTER_KEY } = await usedDatabase();
    const flipped = Buffer.from(TOTEM_MASTER_KEY, "base64");
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    const folder = join(temporaryFolder(), "data");
    const settings = {
      ...settingsWith({ TOTEM_DATA: folder, ...(given ?? { TOTEM_MASTER_KEY: flipped.toString("base64") }) }),
      TOTEM_ADMIN_KEY: undefined,
    };
    const before = await everyRow(database.kysely);
    const [rows, tables] = [JSON.stringify([...before]), await tablesOf(database.kysely)];
    for (const start of [startServer, startWorker])
      expect(await refusalOf(start(settings, { database: shared(database), logger: quiet }))).toBe(code);
    expect(JSON.stringify([...(await everyRow(database.kysely))])).toBe(rows);
    expect(await tablesOf(database.kysely)).toBe(tables);
    expect(existsSync(folder)).toBe(false);
    expect(before.size).toBeGreaterThan(10);
  });

  it("leaves the database as it was: the right key starts again", async () => {
    const { database, TOTEM_MASTER_KEY } = await usedDatabase();
    const wrong = settingsWith({ TOTEM_MASTER_KEY: random.bytes(32).toString("base64") });
    expect(await refusalOf(startServer(wrong, { database: shared(database), logger: quiet }))).toBe(
      "MASTER_KEY_WRONG",
    );
    const server = await startServer(settingsWith({ TOTEM_MASTER_KEY }), {
      database: shared(database),
      logger: quiet,
    });
    await server.stop();
  });
});

describe("a sign-in link", () => {
  it("H15: goes into a file of its owner's, which is gone once it was used, and works at every server", async () => {
    const { database, TOTEM_MASTER_KEY } = await usedDatabase();
    const settings = {
      ...settingsWith({ TOTEM_MASTER_KEY, TOTEM_HOST: "0.0.0.0", TOTEM_DATA: temporaryFolder() }),
      TOTEM_STUDIO: "on" as const,
    };
    const start = () => startServer(settings, { database: shared(database), logger: quiet });
    const signIn = async (url: string, link = "") =>
      (
        await fetch(`${url}/api/v1/auth/sign-in`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-totem-proof": "p".repeat(43) },
          body: JSON.stringify({ link: link.trim().split("#sign-in=")[1] }),
        })
      ).status;
    const [one, two] = [await start(), await start()];
    const [first, second] = [one.storeSignInLink() ?? "", two.storeSignInLink() ?? ""];
    expect(first).toBe(second);
    expect(statSync(second).mode & 0o777).toBe(0o600);
    const link = readFileSync(second, "utf8");
    expect(link).toMatch(/^http:\/\/localhost:\d+\/#sign-in=totem_link_[A-Za-z0-9_-]{43}\n$/);
    // Made by the second server, used at the first, and then at neither.
    expect(await signIn(one.url, link)).toBe(204);
    expect(existsSync(second)).toBe(false);
    expect([await signIn(two.url, link), await signIn(one.url, link)]).toEqual([401, 401]);
    await Promise.all([one.stop(), two.stop()]);

    const again = await start();
    again.storeSignInLink();
    await again.stop();
    const last = await start();
    expect(existsSync(second)).toBe(false);
    await last.stop();
  });

  it("H15: is not made where several people would not know whose it is", async () => {
    const { database, TOTEM_MASTER_KEY } = await usedDatabase();
    const settings = {
      ...settingsWith({ TOTEM_MASTER_KEY, TOTEM_DATA: temporaryFolder() }),
      TOTEM_STUDIO: "on" as const,
    };
    const db = database.kysely;
    const { id: workspace_id } = await db.selectFrom("workspace").select("id").executeTakeFirstOrThrow();
    for (let count = 0; count < 2; count++) {
      const server = await startServer(settings, { database: shared(database), logger: quiet });
      expect(server.signInLink).toMatch(/#sign-in=/);
      await server.stop();
      const id = random.uuid();
      await db
        .insertInto("person")
        .values({ id, name: "P", email: null, created_at: new Date(0) })
        .execute();
      await db
        .insertInto("workspace_member")
        .values({ workspace_id, person_id: id, roles: ["owner"], created_at: new Date(0) })
        .execute();
    }
    const server = await startServer(settings, { database: shared(database), logger: quiet });
    expect([server.signInLink, server.storeSignInLink()]).toEqual([undefined, undefined]);
    await server.stop();
  });
});
