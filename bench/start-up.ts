import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./http.ts";
import { report } from "./measure.ts";

/** `npm start` without npm: from the command to the first answer of /readyz, on a new data folder and again. */
export async function benchStartUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "totem-bench-"));
  try {
    const first = await startOnce(folder);
    report(
      "first start on a new data folder",
      `${first.milliseconds.toFixed(0)} ms`,
      "4000 ms or less",
      first.milliseconds <= 4_000,
    );
    const second = await startOnce(folder);
    report(
      "second start",
      `${second.milliseconds.toFixed(0)} ms`,
      "1500 ms or less",
      second.milliseconds <= 1_500,
    );
    const largest = Math.max(first.megabytes, second.megabytes);
    report("resident memory when ready", `${largest.toFixed(0)} MB`, "300 MB or less", largest <= 300);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(folder: string): Promise<{ milliseconds: number; megabytes: number }> {
  const start = performance.now();
  const args = ["--liftoff-only", join(import.meta.dirname, "../server/cli.ts"), "start"];
  const totem = await startProcess(
    args,
    { TOTEM_DATA: folder, TOTEM_PORT: "0", TOTEM_LOG_LEVEL: "warn" },
    /ready at (\S+)/,
  );
  const ready = await fetch(`${totem.url}/readyz`);
  if (!ready.ok) throw new Error("The server is not ready.");
  const milliseconds = performance.now() - start;
  // Linux has a process's memory in a file. Other systems leave this figure out.
  const status = process.platform === "linux" ? readFileSync(`/proc/${totem.pid}/status`, "utf8") : "";
  await totem.stop();
  return { milliseconds, megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 };
}
