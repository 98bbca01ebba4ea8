/**
 * Runs the tests on a temporary PostgreSQL: `node test/support/run-on-postgres.ts [vitest's arguments]`.
 * Prints nothing itself, so Vitest's summary is the last output.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";

let vitest: ChildProcess | undefined;
let stoppedBy: NodeJS.Signals | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stoppedBy ??= signal;
    // The whole group: tests start their own servers, which would otherwise run on.
    if (vitest?.pid) process.kill(-vitest.pid, "SIGTERM");
  });
}

// The tests' temporary folders, also those of interrupted tests. Servers run as another user.
const scratch = await mkdtemp(join(tmpdir(), "totem-tests-"));
await chmod(scratch, 0o755);
const server = await startEmbeddedPostgres();
try {
  if (!stoppedBy) process.exitCode = await runVitest(server.url);
} finally {
  await server.remove();
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
if (stoppedBy) process.exitCode = 128 + constants.signals[stoppedBy];

async function runVitest(url: string): Promise<number> {
  const script = join(dirname(fileURLToPath(import.meta.resolve("vitest/package.json"))), "vitest.mjs");
  vitest = spawn(process.execPath, [script, "run", ...process.argv.slice(2)], {
    stdio: "inherit",
    detached: true,
    env: { ...process.env, DATABASE_URL: url, TMPDIR: scratch },
  });
  const [code] = await once(vitest, "exit");
  return typeof code === "number" ? code : 1;
}
