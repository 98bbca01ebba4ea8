import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { migrate } from "../../server/database/migrate.ts";
import { openPgliteDatabase } from "../../server/database/pglite-database.ts";

const root = join(import.meta.dirname, "../..");
const migrations = join(root, "server/database/migrations");
const cache = join(root, "node_modules/.cache/totem");

/** Creating an empty PGlite takes two seconds, loading one takes a quarter of a second: it is created once per set of migrations. */
export async function migratedDump(): Promise<Blob> {
  const path = join(cache, `migrated-${await fingerprint()}.tar`);
  try {
    return new Blob([await readFile(path)]);
  } catch {
    const database = await openPgliteDatabase({});
    await migrate(database.kysely);
    const dump = await database.dump();
    await database.close();
    await mkdir(cache, { recursive: true });
    // Several workers may do this at the same time, and none may read half a file.
    const mine = `${path}.${process.pid}`;
    await writeFile(mine, dump.stream());
    await rename(mine, path);
    return dump;
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  hash.update(await readFile(join(root, "node_modules/@electric-sql/pglite/package.json")));
  for (const name of (await readdir(migrations)).sort())
    hash.update(name).update(await readFile(join(migrations, name)));
  return hash.digest("hex").slice(0, 16);
}
