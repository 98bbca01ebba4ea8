import type { Database } from "./database.ts";

export type { Database } from "./database.ts";

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

/** Opens PostgreSQL, or PGlite when there is no address. What is in the tables is the business of other rooms. */
export async function openDatabase({ databaseUrl, ...options }: OpenDatabaseOptions): Promise<Database> {
  // Only the one that is used is loaded: each costs start-up time.
  if (databaseUrl === undefined) return (await import("./pglite-database.ts")).openPgliteDatabase(options);
  return (await import("./postgres-database.ts")).openPostgresDatabase({ ...options, databaseUrl });
}
