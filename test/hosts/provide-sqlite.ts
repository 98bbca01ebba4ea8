import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Say } from "./checks.ts";
import { npm } from "./npm.ts";

const binary = "node_modules/sqlite3/build/Release/node_sqlite3.node";

/**
 * Installed without scripts, sqlite3 lacks its binary. It is built once on this machine and copied for the
 * next host: its interface is Node's stable one, so the same file serves any Node and both hosts.
 */
export async function provideSqlite(name: string, folder: string, cache: string, say: Say): Promise<void> {
  const version = sqliteVersion(folder);
  if (!version || existsSync(join(folder, binary))) return;
  const built = globSync(`*/${binary}`, { cwd: cache })
    .map((path) => join(cache, path.slice(0, -binary.length - 1)))
    .find((other) => other !== folder && sqliteVersion(other) === version);
  if (built) {
    mkdirSync(dirname(join(folder, binary)), { recursive: true });
    copyFileSync(join(built, binary), join(folder, binary));
    say(`${name}: sqlite3 ${version} taken from ${built}`);
    return;
  }
  const headers = nodeHeaders();
  await npm(["rebuild", "sqlite3", "--foreground-scripts"], {
    folder,
    what: `${name}: building sqlite3 ${version}`,
    say,
    // The pinned Node brings its own headers, so that none are fetched.
    env: headers ? { npm_config_nodedir: headers } : {},
  });
}

function sqliteVersion(folder: string): string | undefined {
  const file = join(folder, "node_modules/sqlite3/package.json");
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function nodeHeaders(): string | undefined {
  const pinned = dirname(createRequire(import.meta.url).resolve("node/package.json"));
  const home = join(pinned, `node_modules/node-${process.platform}-${process.arch}`);
  return existsSync(join(home, "include/node/node.h")) ? home : undefined;
}
