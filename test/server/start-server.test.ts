import { existsSync } from "node:fs";
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
  it("is printed on loopback only where the key was given, so that no log of a network server holds one", async () => {
    const { database, TOTEM_MASTER_KEY } = await usedDatabase();
    const linkOn = async (host: string) => {
      const settings = {
        ...settingsWith({ TOTEM_MASTER_KEY, TOTEM_HOST: host }),
        TOTEM_STUDIO: "on" as const,
      };
      const server = await startServer(settings, { database: shared(database), logger: quiet });
      await server.stop();
      return server.signInLink;
    };
    expect(await linkOn("127.0.0.1")).toMatch(/\/#sign-in=totem_link_[A-Za-z0-9_-]{43}$/);
    expect(await linkOn("0.0.0.0")).toBeUndefined();
  });
});
