import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Say } from "./checks.ts";
import { npm } from "./npm.ts";
import { provideSqlite } from "./provide-sqlite.ts";

/** Where installed hosts are kept: some gigabytes, outside of the checkout. */
export const hostsCache = (): string =>
  process.env.TOTEM_TEST_HOSTS_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "totem-test-hosts");

/**
 * Installs what `folder/package.json` and its lock file name, and gives the folder it is in.
 * Its name carries a hash of both files, so that a changed version is another folder.
 */
export async function installHost(name: string, folder: string, say: Say): Promise<string> {
  const files = ["package.json", "package-lock.json"].filter((file) => existsSync(join(folder, file)));
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(folder, file)));
  const cache = hostsCache();
  const home = join(cache, `${name}-${firstVersion(folder)}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(home)) {
    say(`${name} is installed in ${home}`);
    return home;
  }
  mkdirSync(cache, { recursive: true });
  removeLeftovers(cache);
  // Beside its place and renamed at the end: a half-done install is never taken for a whole one.
  const part = `${home}.part-${process.pid}`;
  try {
    mkdirSync(part);
    for (const file of files) copyFileSync(join(folder, file), join(part, file));
    await npm(
      ["install", "--legacy-peer-deps", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"],
      { folder: part, what: `${name}: installing into ${home}`, say },
    );
    await provideSqlite(name, part, cache, say);
    renameSync(part, home);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return home;
}

/** The version of the first package named: what the folder is called after. */
function firstVersion(folder: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return Object.values(dependencies)[0] ?? "none";
}

/** What installs left that were killed. */
function removeLeftovers(cache: string): void {
  for (const entry of readdirSync(cache)) {
    const pid = /\.part-(\d+)$/.exec(entry)?.[1];
    if (pid && !isRunning(Number(pid))) rmSync(join(cache, entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
