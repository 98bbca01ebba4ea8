/**
 * Runs the tests on a PostgreSQL made for the occasion: `node test/support/run-on-postgres.ts [vitest's arguments]`.
 * Says nothing itself, so that Vitest's summary stays the last thing printed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";

let vitest: ChildProcess | undefined;
let stoppedBy: NodeJS.Signals | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stoppedBy ??= signal;
    vitest?.kill("SIGTERM");
  });
}

const server = await startEmbeddedPostgres();
try {
  if (!stoppedBy) process.exitCode = await runVitest(server.url);
} finally {
  await server.remove();
}
if (stoppedBy) process.exitCode = 128 + constants.signals[stoppedBy];

async function runVitest(url: string): Promise<number> {
  const script = join(dirname(fileURLToPath(import.meta.resolve("vitest/package.json"))), "vitest.mjs");
  vitest = spawn(process.execPath, [script, "run", ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, DATABASE_URL: url },
  });
  const [code] = await once(vitest, "exit");
  return typeof code === "number" ? code : 1;
}
