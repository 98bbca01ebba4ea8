import { spawn } from "node:child_process";
import { once } from "node:events";
import { NotRun, type Say } from "./checks.ts";

/** Long enough for two gigabytes over a slow line; a registry that does not answer must end some time. */
const patience = 30 * 60_000;

/** Runs npm and says every half minute that it still does. What npm cannot do is not our fault: NotRun. */
export async function npm(
  args: readonly string[],
  { folder, what, say, env = {} }: { folder: string; what: string; say: Say; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  say(`${what} (npm ${args[0]} …)`);
  const child = spawn("npm", [...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: patience,
    // Some packages fetch browsers when they are installed.
    env: { ...process.env, PUPPETEER_SKIP_DOWNLOAD: "1", npm_config_update_notifier: "false", ...env },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.split("\n").filter((line) => line.trim() !== ""));
      lines.splice(0, lines.length - 40);
    });
  const progress = setInterval(() => say(`${what}: ${seconds()} so far`), 30_000);
  try {
    // "close" comes after "error" too, when there is no npm at all.
    child.once("error", (error) => lines.push(error.message));
    const [code] = await once(child, "close").catch(() => [null]);
    if (code !== 0)
      throw new NotRun(
        `npm ${args[0]} did not succeed after ${seconds()}. Its last lines:\n${lines.slice(-15).join("\n")}`,
      );
  } finally {
    clearInterval(progress);
  }
  say(`${what}: done in ${seconds()}`);
}
