import { Socket } from "node:net";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Client, Pool, types } from "pg";
import { PluginError } from "../../plugin/plugin-error.ts";
import { addShortcut, isPrepared, preparedName } from "./compiled-statement.ts";
import { bigintOid, type Database, parseBigint } from "./database.ts";
import { createPostgresListener } from "./postgres-listener.ts";
import type { Tables } from "./tables.ts";

/** A server that cannot be reached, or a pool that stays full, is an error after this long. */
const connectTimeoutMs = 5_000;

export interface PostgresDatabaseOptions {
  readonly databaseUrl: string;
  readonly poolSize?: number | undefined;
  /** A connection that is silent for longer than this is closed, with a query or without. */
  readonly silenceLimitMs?: number | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

export async function openPostgresDatabase(options: PostgresDatabaseOptions): Promise<Database> {
  const { databaseUrl, poolSize = 10, silenceLimitMs = 15_000, onError = () => {} } = options;
  const openPool = (max: number, application_name: string): Kysely<Tables> => {
    const pool = new Pool({
      Client: PreparingClient,
      connectionString: databaseUrl,
      max,
      application_name,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      types: { getTypeParser },
      stream: () => impatientSocket(silenceLimitMs),
    });
    pool.on("error", onError);
    // The pool listens only while a connection is idle. The loss of one in a transaction, between two statements,
    // would be an 'error' event without a listener and end the process.
    pool.on("connect", (client) => client.on("error", onError));
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    addShortcut(kysely, (query) => pool.query(query));
    return kysely;
  };

  const kysely = openPool(poolSize, "totem");
  const background = openPool(3, "totem-background");
  let createSchema: boolean;
  try {
    createSchema = await mayCreateSchemas(kysely);
  } catch (cause) {
    await kysely.destroy();
    throw new PluginError("DATABASE_UNAVAILABLE", { cause });
  }
  const listener = createPostgresListener({
    connectionString: databaseUrl,
    connectTimeoutMs,
    onError,
  });
  return {
    kind: "postgres",
    kysely,
    background,
    // For pg-boss's own maintenance. Runs go on the queue and come from it on the connections above.
    bossOptions: {
      connectionString: databaseUrl,
      backend: "postgres",
      useListenNotify: true,
      createSchema,
      max: 2,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: "totem-jobs",
    },
    listen: listener.listen,
    onReconnect: listener.onReconnect,
    close: async () => {
      await listener.close();
      await Promise.all([kysely.destroy(), background.destroy()]);
    },
  };
}

/** Where another role owns the schemas, that role makes the one of the queue, and pg-boss must not try. */
async function mayCreateSchemas(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select has_database_privilege(current_database(), 'create') as may`.execute(db);
  return rows[0]?.may === true;
}

/** Names the statements of each tool call, so that PostgreSQL parses and plans them once per connection. */
class PreparingClient extends Client {
  // pg's `query` has a dozen overloads; this passes all arguments on.
  override query(...args: unknown[]): never {
    const [text, values, ...rest] = args;
    const named =
      typeof text === "string" && isPrepared(text)
        ? [{ name: preparedName(text), text, values }, ...rest]
        : args;
    return (super.query as (...args: unknown[]) => never)(...named);
  }
}

const getTypeParser: typeof types.getTypeParser = (oid: number, format?: "text" | "binary") =>
  oid === bigintOid ? parseBigint : types.getTypeParser(oid, format as "text");

/**
 * A server that hangs, or whose network is gone, sends no error, and TCP waits a quarter of an hour. The pool closes
 * idle connections long before the limit.
 */
function impatientSocket(silenceLimitMs: number): Socket {
  const socket = new Socket();
  const silent = Object.assign(new Error("The database stopped answering."), { code: "ETIMEDOUT" });
  socket.setTimeout(silenceLimitMs, () => socket.destroy(silent));
  return socket;
}
