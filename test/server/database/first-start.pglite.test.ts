import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "../../../server/database/open-database.ts";
import { startProcess, type TestProcess } from "../../support/child-process.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const holder = join(import.meta.dirname, "../../support/hold-data-folder.ts");

const until = (happened: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(happened()).toBe(true), { timeout: 30_000, interval: 1 });

const inNewFolder = (folder: string, file: string): boolean =>
  existsSync(folder) &&
  readdirSync(folder).some(
    (name) => name.startsWith("database.new-") && existsSync(join(folder, name, file)),
  );

it("survives kill -9 at any moment of the first start, and keeps what was stored before the last one", async () => {
  const folder = join(temporaryFolder(), "data");
  const moments: readonly ((process: TestProcess) => Promise<void>)[] = [
    () => until(() => inNewFolder(folder, "")),
    () => until(() => inNewFolder(folder, "PG_VERSION")),
    () => until(() => inNewFolder(folder, "postmaster.pid")),
    () => until(() => existsSync(join(folder, "database"))),
    (process) => process.says("stored"),
  ];
  for (const moment of moments) {
    const process = startProcess(holder, folder);
    await moment(process);
    await process.kill();
    expect(process.errors()).toBe("");
  }

  const database = await openDatabase({ dataFolder: folder });
  onTestFinished(() => database.close());
  const notes = await sql<{ words: string }>`select words from note`.execute(database.kysely);
  expect(notes.rows).toContainEqual({ words: "kept" });
  expect(readdirSync(folder).sort()).toEqual(["database", "lock"]);
}, 120_000);
