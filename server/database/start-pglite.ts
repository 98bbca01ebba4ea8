import { existsSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { bigintOid, parseBigint } from "./database.ts";
import { DurableNodeFs } from "./durable-node-fs.ts";
import { copyEmptyDatabase } from "./empty-database.ts";

const setting = (text: string): string[] => ["-c", text];

/**
 * One connection does not need memory for a hundred: with PostgreSQL's defaults this process would be three times as
 * large.
 */
const small = ["shared_buffers=8MB", "max_connections=5", "wal_buffers=1MB"].flatMap(setting);

const memoryStartParams: string[] = [...PGlite.defaultStartParams, ...small];

/**
 * PGlite starts PostgreSQL without fsync (`-F`). The default `wal_sync_method` is fdatasync, which
 * Emscripten swallows; fsync reaches `DurableNodeFs`.
 */
const durableStartParams: string[] = [
  ...memoryStartParams.filter((param) => param !== "-F"),
  ...["fsync=on", "wal_sync_method=fsync", "min_wal_size=32MB", "max_wal_size=64MB"].flatMap(setting),
];

export interface StartPgliteOptions {
  /** Absent: in memory, gone when closed. */
  readonly dataFolder?: string | undefined;
  /** A new database starts as a copy of this one, which is much faster than making an empty one. */
  readonly dump?: Blob | undefined;
  /** Called before each file that PostgreSQL flushes to disk; a throw counts as a failure of the disk. */
  readonly onFlush?: ((path: string) => void) | undefined;
}

/** Starts PGlite on `<dataFolder>/database`. The caller holds the folder's lock. */
export async function startPglite(options: StartPgliteOptions): Promise<PGlite> {
  const { dataFolder, dump, onFlush = () => {} } = options;
  const said = recentLines();
  const fresh: PGliteOptions = dump ? { loadDataDir: dump } : {};
  if (dataFolder === undefined) return create({ ...fresh, startParams: memoryStartParams }, said);
  const onDisk = (folder: string): DurableNodeFs =>
    new DurableNodeFs(folder, { onFlush, onPanic: () => endProcess(said.text()) });
  // From a first start that was killed. We hold the lock, so no process uses it.
  for (const name of readdirSync(dataFolder)) {
    if (name.startsWith(unfinished)) rmSync(join(dataFolder, name), { recursive: true, force: true });
  }
  const folder = join(dataFolder, "database");
  if (existsSync(folder)) return create({ fs: onDisk(folder), startParams: durableStartParams }, said);
  // A first start takes seconds; killed half-way it leaves a folder that never opens. So it uses another name first.
  const beside = join(dataFolder, `${unfinished}${process.pid}`);
  if (!dump) await copyEmptyDatabase(beside);
  const files = onDisk(beside);
  const pglite = await create({ ...fresh, fs: files, startParams: durableStartParams }, said);
  await files.moveTo(folder);
  return pglite;
}

const unfinished = "database.new-";

async function create(options: PGliteOptions, said: RecentLines): Promise<PGlite> {
  try {
    return await PGlite.create({ ...options, parsers: { [bigintOid]: parseBigint }, onStderr: said.add });
  } catch (cause) {
    throw new Error(`The embedded database did not start. ${said.text()}`.trim(), { cause });
  }
}

/**
 * PostgreSQL ends when its disk fails, so that the next start recovers what was acknowledged. Here the whole process
 * ends, and at once: a call of PGlite after a panic never returns.
 */
function endProcess(words: string): never {
  writeSync(
    2,
    `The embedded database cannot go on, so Totem ends. Check the disk and start again. ${words}\n`,
  );
  process.exit(1);
}

interface RecentLines {
  readonly add: (line: string) => boolean;
  readonly text: () => string;
}

/** PostgreSQL's last lines of output, which PGlite does not show. After a failure they are the only explanation. */
function recentLines(): RecentLines {
  const lines: string[] = [];
  return {
    add: (line) => {
      if (lines.push(line) > 3) lines.shift();
      return true;
    },
    text: () => lines.join(" "),
  };
}
