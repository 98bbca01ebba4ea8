import type { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import { bossDatabase } from "./boss-database.ts";
import { assertChannel } from "./channel-name.ts";
import { type Checkpoints, checkpointRegularly } from "./checkpoint-regularly.ts";
import { lockDataFolder } from "./data-folder-lock.ts";
import type { Database } from "./open-database.ts";
import { type StartPgliteOptions, startPglite } from "./start-pglite.ts";
import type { Tables } from "./tables.ts";

export interface PgliteDatabaseOptions extends StartPgliteOptions {
  readonly checkpointEveryMs?: number | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface PgliteDatabase extends Database {
  readonly kind: "pglite";
  readonly bossOptions: Extract<Database["bossOptions"], { backend: "pglite" }>;
  /** The whole database as one file, for `dump`. */
  dump(): Promise<Blob>;
}

/** PostgreSQL in this process: one connection, one process, no network. */
export async function openPgliteDatabase(options: PgliteDatabaseOptions): Promise<PgliteDatabase> {
  const { dataFolder, onError = () => {}, checkpointEveryMs = 60_000 } = options;
  const lock = dataFolder === undefined ? undefined : lockDataFolder(dataFolder);
  let checkpoints: Checkpoints | undefined;
  const onFlush = (path: string): void => {
    options.onFlush?.(path);
    checkpoints?.note();
  };
  let pglite: PGlite;
  try {
    pglite = await startPglite({ ...options, onFlush });
  } catch (error) {
    lock?.release();
    throw error;
  }
  const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  if (lock) checkpoints = checkpointRegularly(kysely, { everyMs: checkpointEveryMs, onError });
  return {
    kind: "pglite",
    kysely,
    background: kysely,
    bossOptions: { db: bossDatabase(pglite, kysely), backend: "pglite", useListenNotify: true },
    listen: async (channel, onPayload) => {
      assertChannel(channel);
      const stop = await pglite.listen(channel, (payload) => {
        try {
          onPayload(payload);
        } catch (error) {
          onError(error); // PGlite calls from a microtask, where a throw would end the process.
        }
      });
      return async () => stop();
    },
    onReconnect: () => () => {},
    dump: async () => {
      await pglite.exec("checkpoint");
      return pglite.dumpDataDir("none");
    },
    close: async () => {
      checkpoints?.stop();
      try {
        await kysely.destroy();
        if (!pglite.closed) await pglite.close(); // Kysely leaves alone what it never used.
      } finally {
        lock?.release();
      }
    },
  };
}
