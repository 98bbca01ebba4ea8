/**
 * `npm test`: types, lint, boundaries, unused code, then the suite on PGlite, what can differ on PostgreSQL, and the
 * journeys in Chromium. `--all` runs everything that touches a database on PostgreSQL too. Stops when a static check
 * fails, runs every pass of the suite whatever the others say, and prints the sum of all of them last.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const checks = [
  ["types", ["tsc", "-p", "."]],
  ["types of the Flowise package", ["tsc", "-p", "plugin/hosts/flowise", "--noEmit"]],
  ["lint and format", ["biome", "ci", "--colors=off", "."]],
  [
    "boundaries",
    ["depcruise", "--config", "config/dependency-cruiser.cjs", "plugin", "ui", "server", "test", "examples"],
  ],
  ["unused code", ["knip", "--config", "config/knip.json"]],
  ["studio", ["vite", "build", "--config", "config/vite.studio.ts", "--logLevel", "warn"]],
] as const;

const passes = [
  ["PGlite", ["vitest", "run", "--project", "pglite"]],
  ["PostgreSQL", ["node", "test/support/run-on-postgres.ts"]],
  ["Chromium", ["vitest", "run", "--project", "browser"]],
] as const;

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

const run = (command: readonly string[]): boolean => {
  const [name = "", ...args] = command;
  return spawnSync(name, args, { stdio: "inherit" }).status === 0;
};

/** Runs a check and prints its output at the end, so the outputs of two checks do not mix. */
const check = ([title, command]: (typeof checks)[number]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const [name, ...args] = command;
    const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => said.push(part));
    const end = (well: boolean) => {
      process.stdout.write(`\n== ${title}\n${Buffer.concat(said)}`);
      resolve(well ? undefined : title);
    };
    child.on("error", () => end(false));
    child.on("close", (status) => end(status === 0));
  });

/** Two at a time: most of them use one core. */
async function runChecks(): Promise<void> {
  const left = [...checks];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const title = await check(next);
      if (title !== undefined) failed.push(title);
    }
  };
  await Promise.all([work(), work()]);
  if (failed.length === 0) return;
  process.stdout.write(`\n${failed.join(", ")}: failed\n0 passed, ${failed.length} failed\n`);
  process.exit(1);
}

function runPasses(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "totem-test-"));
  const total = { passed: 0, failed: 0, skipped: 0 };
  let allWell = true;
  for (const [title, command] of passes) {
    process.stdout.write(`\n== tests: ${title}\n`);
    const file = join(folder, `${title}.json`);
    const ended = run([...command, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]);
    const report = readReport(file);
    // A pass that ends before its report has failed, even if it counted no failure.
    allWell &&= ended && report?.success === true && report.numPassedTests > 0;
    total.passed += report?.numPassedTests ?? 0;
    total.failed += report?.numFailedTests ?? 1;
    total.skipped += report?.numPendingTests ?? 0;
  }
  rmSync(folder, { recursive: true, force: true });
  if (!allWell && total.failed === 0) total.failed = 1;
  process.stdout.write(
    `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}\n`,
  );
  return allWell;
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return undefined;
  }
}

if (process.argv.includes("--all")) process.env.TOTEM_TEST_ALL = "1";
await runChecks();
if (!process.argv.includes("--checks-only")) process.exitCode = runPasses() ? 0 : 1;
