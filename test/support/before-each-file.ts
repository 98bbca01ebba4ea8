/** Runs before every test file. Gives the file its own random data; if a test fails, says how to get the same data again. */
import { relative } from "node:path";
import { beforeEach, expect } from "vitest";
import { seedRandomFor, testSeed } from "./seeded-random.ts";

const root = new URL("../..", import.meta.url).pathname;
seedRandomFor(relative(root, expect.getState().testPath ?? ""));

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => {
    process.stderr.write(`${task.name}: the seed was TOTEM_TEST_SEED=${testSeed}\n`);
  });
});
