import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { bigintOid, parseBigint } from "./column-types.ts";
import { DurableNodeFs, durableStartParams } from "./durable-node-fs.ts";

export interface StartPgliteOptions {
  /** Absent: in memory, gone when closed. */
  readonly dataFolder?: string | undefined;
  /** A new database starts as a copy of this one, which is much faster than making an empty one. */
  readonly dump?: Blob | undefined;
  /** Called with each file PostgreSQL flushes to disk. */
  readonly onFlush?: ((path: string) => void) | undefined;
}

/** Starts PGlite on `<dataFolder>/database`. The caller holds the folder's lock. */
export async function startPglite({ dataFolder, dump, onFlush }: StartPgliteOptions): Promise<PGlite> {
  const fresh: PGliteOptions = dump ? { loadDataDir: dump } : {};
  if (dataFolder === undefined) return create(fresh);
  // Left behind by a first start that was killed; the lock says it belongs to nobody.
  for (const name of readdirSync(dataFolder)) {
    if (name.startsWith(unfinished)) rmSync(join(dataFolder, name), { recursive: true, force: true });
  }
  const folder = join(dataFolder, "database");
  if (existsSync(folder)) return create({ fs: new DurableNodeFs(folder, onFlush) });
  // A first start takes seconds; killed half-way it leaves a folder that never opens. So it happens beside.
  const files = new DurableNodeFs(join(dataFolder, `${unfinished}${process.pid}`), onFlush);
  const pglite = await create({ ...fresh, fs: files });
  await files.moveTo(folder);
  return pglite;
}

const unfinished = "database.new-";

async function create(options: PGliteOptions): Promise<PGlite> {
  // PGlite keeps PostgreSQL's own words to itself; when it does not start, they are the only explanation.
  const said: string[] = [];
  const onStderr = (line: string): boolean => {
    if (said.push(line) > 5) said.shift();
    return true;
  };
  try {
    return await PGlite.create({
      ...options,
      ...(options.fs ? { startParams: durableStartParams } : {}),
      parsers: { [bigintOid]: parseBigint },
      onStderr,
    });
  } catch (cause) {
    throw new Error(`The embedded database did not start. ${said.join(" ")}`.trim(), { cause });
  }
}
