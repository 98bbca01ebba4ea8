import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PluginError } from "../../plugin/plugin-error.ts";

export interface DataFolderLock {
  release(): void;
}

// Without a reference the connection would be garbage-collected, and its lock with it.
const held = new Set<DatabaseSync>();

/**
 * Makes sure that one process at a time uses a data folder: PGlite would open a live folder a second time and destroy
 * it. SQLite is used for its file lock only, the one advisory lock that Node has without a native package. The kernel
 * holds it, so it ends with its process, even after kill -9: no stale pid file, no wait.
 */
export function lockDataFolder(folder: string): DataFolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
  try {
    file.exec("pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive");
  } catch (cause) {
    file.close();
    throw new PluginError("DATA_FOLDER_IN_USE", { message: explain(folder), cause });
  }
  held.add(file);
  return {
    release: () => {
      if (held.delete(file)) file.close();
    },
  };
}

const explain = (folder: string): string =>
  `Another Totem is using the data folder ${folder}. The embedded database serves one process at a time: ` +
  "stop the other one, give this one its own folder, or set DATABASE_URL so that both share a PostgreSQL.";
