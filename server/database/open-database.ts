import type { Database } from "./database.ts";

export type { Database } from "./database.ts";

export interface OpenDatabaseOptions {
  /** A PostgreSQL. Absent: PGlite. */
  readonly databaseUrl?: string | undefined;
  /** Where PGlite keeps its files. Absent: in memory. */
  readonly dataFolder?: string | undefined;
  /** How many connections requests may use at once; heartbeats and listening have their own. PostgreSQL only. */
  readonly poolSize?: number | undefined;
  /** Gets errors that belong to no query, such as the loss of an idle connection. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Opens PostgreSQL, or PGlite when there is no address. What is in the tables is the business of other rooms. */
export async function openDatabase({ databaseUrl, ...options }: OpenDatabaseOptions): Promise<Database> {
  // Load only the one that is used: each costs time at the start.
  if (databaseUrl === undefined) return (await import("./pglite-database.ts")).openPgliteDatabase(options);
  return (await import("./postgres-database.ts")).openPostgresDatabase({ ...options, databaseUrl });
}
