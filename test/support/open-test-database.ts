import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { migrate } from "../../server/database/migrate.ts";
import { type Database, openDatabase } from "../../server/database/open-database.ts";
import { openPgliteDatabase } from "../../server/database/pglite-database.ts";
import { migratedDump } from "./migrated-dump.ts";

export interface TestDatabase extends Database {
  /** The address of this database, if it is on a PostgreSQL that other processes can reach. */
  readonly url: string | undefined;
}

export interface OpenTestDatabaseOptions {
  readonly poolSize?: number;
  readonly onError?: (error: unknown) => void;
  /** An empty one, for a test that migrates it. */
  readonly migrated?: false;
}

/**
 * A fresh, migrated database, removed when closed: one per test file. PGlite in memory, or a new database on
 * the server of DATABASE_URL.
 *
 *     const database = await openTestDatabase();
 *     afterAll(() => database.close());
 */
export async function openTestDatabase(options: OpenTestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = process.env.DATABASE_URL;
  if (server) return openOnServer(server, options);
  const dump = options.migrated === false ? undefined : await migratedDump();
  return { ...(await openPgliteDatabase({ ...(dump ? { dump } : {}), ...options })), url: undefined };
}

async function openOnServer(server: string, options: OpenTestDatabaseOptions): Promise<TestDatabase> {
  const name = `totem_test_${randomBytes(6).toString("hex")}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await runOnServer(server, `create database ${name}`);
  const database = await openDatabase({ databaseUrl: url.href, ...options });
  if (options.migrated !== false) await migrate(database.kysely);
  return {
    ...database,
    url: url.href,
    close: async () => {
      await database.close();
      await runOnServer(server, `drop database ${name} with (force)`);
    },
  };
}

async function runOnServer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
