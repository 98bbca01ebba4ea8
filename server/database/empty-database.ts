import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

/** Belongs to one version of PGlite: another could not open it. */
async function findPath(): Promise<string> {
  const manifest = findPackageJSON("@electric-sql/pglite", import.meta.url) ?? "";
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  // From the package's own folder: this file runs as source and, in another's node_modules, as built.
  const own = dirname(findPackageJSON(import.meta.url) ?? "");
  return join(own, "dist", `empty-database-${version}`);
}

/**
 * Copies an empty database from build time to a new folder. To create one takes two seconds, a copy a fraction of that.
 * Without one nothing is copied, and PGlite creates its own.
 */
export async function copyEmptyDatabase(folder: string): Promise<void> {
  const path = await findPath();
  if (existsSync(path)) await cp(path, folder, { recursive: true });
}

/** Part of `npm run build`. */
export async function writeEmptyDatabase(): Promise<void> {
  const { PGlite } = await import("@electric-sql/pglite");
  const { NodeFS } = await import("@electric-sql/pglite/nodefs");
  const path = await findPath();
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  const pglite = await PGlite.create({ fs: new NodeFS(path) });
  await pglite.exec("checkpoint");
  await pglite.close();
}
