/**
 * `npm test`: types, lint, boundaries, unused code, then the suite on PGlite, on PostgreSQL and in Chromium.
 * Stops at the first static check that fails, runs every pass of the suite whatever the others say, and
 * prints the sum of all of them last.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const checks = [
  ["types", ["tsc", "-p", "."]],
  ["types of the Flowise package", ["tsc", "-p", "plugin/hosts/flowise", "--noEmit"]],
  ["lint and format", ["biome", "ci", "--colors=off", "."]],
  [
    "boundaries",
    ["depcruise", "--config", ".dependency-cruiser.cjs", "plugin", "ui", "server", "test", "examples"],
  ],
  ["unused code", ["knip"]],
  ["studio", ["vite", "build", "--logLevel", "warn"]],
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

function runChecks(): void {
  for (const [title, command] of checks) {
    process.stdout.write(`\n== ${title}\n`);
    if (run(command)) continue;
    process.stdout.write(`\n${title}: failed\n0 passed, 1 failed\n`);
    process.exit(1);
  }
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
    // A pass that ended before it could report has failed, whatever it had counted.
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

runChecks();
if (!process.argv.includes("--checks-only")) process.exitCode = runPasses() ? 0 : 1;
