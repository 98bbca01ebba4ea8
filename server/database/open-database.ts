import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/**
 * The room of the database: opens PostgreSQL, or PGlite when there is no address, and makes them answer alike
 * (bigint and count() are numbers, times are Dates, jsonb is parsed). What is in the tables is others' business.
 */
export interface Database {
  readonly kind: "pglite" | "postgres";
  readonly kysely: Kysely<Tables>;
  /** The same database for heartbeats and the like: many requests at once must not keep them from it. */
  readonly background: Kysely<Tables>;
  /** What pg-boss's constructor needs to work on this database. */
  readonly bossOptions: BossOptions;
  /**
   * Hears NOTIFY on a channel until the returned function is called. One connection serves all channels of
   * the process. What is said while it is lost is not heard: read again in `onReconnect`.
   */
  listen(channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>>;
  /** Calls back whenever listening was interrupted and works again. Never on PGlite. */
  onReconnect(callback: () => void): () => void;
  close(): Promise<void>;
}

export type BossOptions =
  | { readonly db: BossDatabase; readonly backend: "pglite"; readonly useListenNotify: true }
  | {
      readonly connectionString: string;
      readonly backend: "postgres";
      readonly useListenNotify: true;
      readonly max: number;
      readonly connectionTimeoutMillis: number;
      readonly application_name: string;
    };

/** pg-boss's word for a database it did not open itself. */
export interface BossDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }>;
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<{ close(): Promise<void> }>;
}

export interface OpenDatabaseOptions {
  /** A PostgreSQL. Absent: PGlite. */
  readonly databaseUrl?: string | undefined;
  /** Where PGlite keeps its files. Absent: in memory. */
  readonly dataFolder?: string | undefined;
  /** How many connections Kysely may use at once; jobs and listening have their own. PostgreSQL only. */
  readonly poolSize?: number | undefined;
  /** Hears of trouble that belongs to no query, such as an idle connection that was lost. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export async function openDatabase({ databaseUrl, ...options }: OpenDatabaseOptions): Promise<Database> {
  // Only the one that is used is loaded: each costs start-up time.
  if (databaseUrl === undefined) return (await import("./pglite-database.ts")).openPgliteDatabase(options);
  return (await import("./postgres-database.ts")).openPostgresDatabase({ ...options, databaseUrl });
}
