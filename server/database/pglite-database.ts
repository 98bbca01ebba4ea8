import type { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, sql } from "kysely";
import { lockDataFolder } from "./data-folder-lock.ts";
import { assertChannel, type BossDatabase, type Database } from "./database.ts";
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
        if (!pglite.closed) await pglite.close(); // Kysely does not close what it never used.
      } finally {
        lock?.release();
      }
    },
  };
}

/**
 * PGlite's one connection as pg-boss sees it. pg-boss's own adapter does not roll back statements that fail after their
 * own `begin`, and the aborted transaction would refuse the statements of all others. Kysely gives each its turn; within
 * a turn PGlite is free.
 */
function bossDatabase(pglite: PGlite, kysely: Kysely<Tables>): BossDatabase {
  return {
    executeSql: (text, values) =>
      kysely.connection().execute(async () => {
        try {
          if (values?.length) return { rows: (await pglite.query<object>(text, values)).rows };
          // Without values it may be several statements, which only `exec` takes.
          return { rows: (await pglite.exec(text)).flatMap((result) => result.rows) };
        } catch (error) {
          await pglite.exec("rollback").catch(() => {});
          throw error;
        }
      }),
    listen: async (channel, onPayload, onReconnect) => {
      const stop = await pglite.listen(channel, onPayload);
      onReconnect();
      return { close: async () => stop() };
    },
  };
}

interface Checkpoints {
  /** Something was written to the log. */
  note(): void;
  stop(): void;
}

/**
 * PGlite has no checkpointer process: its write-ahead log would grow as long as it runs, and a start after a crash would
 * read all of it. A checkpoint takes some milliseconds, and none runs when nothing was written.
 */
function checkpointRegularly(
  kysely: Kysely<Tables>,
  options: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): Checkpoints {
  let isDue = false;
  const timer = setInterval(() => {
    if (!isDue) return;
    isDue = false;
    sql`checkpoint`.execute(kysely).then(() => {
      isDue = false; // The checkpoint's own write needs no other.
    }, options.onError);
  }, options.everyMs);
  timer.unref();
  return {
    note: () => {
      isDue = true;
    },
    stop: () => clearInterval(timer),
  };
}
