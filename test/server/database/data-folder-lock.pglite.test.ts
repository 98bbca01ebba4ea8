import { join } from "node:path";
import { expect, it } from "vitest";
import { lockDataFolder } from "../../../server/database/data-folder-lock.ts";
import { startProcess } from "../../support/child-process.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const holder = join(import.meta.dirname, "../../support/hold-lock.ts");
const inUse = expect.objectContaining({
  code: "DATA_FOLDER_IN_USE",
  message: expect.stringContaining("one process at a time"),
});

it("refuses a folder that another process holds, and says why", async () => {
  const folder = temporaryFolder();
  await startProcess(holder, folder).says("locked");
  expect(() => lockDataFolder(folder)).toThrow(inUse);
});

it("is free at once when its holder is killed", async () => {
  const folder = temporaryFolder();
  const other = startProcess(holder, folder);
  await other.says("locked");
  await other.kill();
  lockDataFolder(folder).release();
});

it("refuses a second holder in the same process, and serves it after a release", () => {
  const folder = temporaryFolder();
  const first = lockDataFolder(folder);
  expect(() => lockDataFolder(folder)).toThrow(inUse);
  first.release();
  lockDataFolder(folder).release();
});

it("makes a folder that is not there yet, and prints no warning", async () => {
  const other = startProcess(holder, join(temporaryFolder(), "deep", "folder"));
  await other.says("locked");
  await other.kill();
  expect(other.errors()).toBe("");
});
