import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const cli = join(import.meta.dirname, "../../server/cli.ts");

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** `totem start` as a process of its own, on a database that others may share. */
export async function startServerProcess(env: {
  readonly DATABASE_URL: string;
  readonly TOTEM_ADMIN_KEY: string;
  readonly TOTEM_MASTER_KEY: string;
}): Promise<ServerProcess> {
  const child = spawn(process.execPath, [cli, "start"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TOTEM_PORT: "0", TOTEM_STUDIO: "off", TOTEM_LOG_LEVEL: "warn", ...env },
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const [, found] = /^Totem is ready at (\S+)$/.exec(line) ?? [];
      if (found) resolve(found);
    });
    child.once("close", () => reject(new Error(`The server ended before it was ready. ${errors}`)));
  });
  return {
    url,
    child,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
