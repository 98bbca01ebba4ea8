import { join } from "node:path";
import { sql } from "kysely";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { openPgliteDatabase, type PgliteDatabase } from "../../../server/database/pglite-database.ts";
import { startProcess } from "../../support/child-process.ts";
import { migratedDump } from "../../support/migrated-dump.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

let flushed: string[];

async function openWithNotes(options: { checkpointEveryMs?: number } = {}): Promise<PgliteDatabase> {
  const onFlush = (path: string): void => void flushed.push(path);
  const database = await openPgliteDatabase({
    dataFolder: temporaryFolder(),
    dump: await migratedDump(),
    onFlush,
    ...options,
  });
  await sql`create table note (words text)`.execute(database.kysely);
  flushed = [];
  return database;
}

const logFiles = (): string[] => flushed.filter((path) => path.includes("/pg_wal/"));

beforeEach(() => {
  flushed = [];
});

it("has a commit on disk before it is acknowledged, and flushes for nothing less", async () => {
  const { kysely, close } = await openWithNotes();
  onTestFinished(close);

  await sql`select * from note`.execute(kysely);
  expect(flushed).toEqual([]);

  await sql`insert into note values ('one')`.execute(kysely);
  expect(logFiles()).toHaveLength(1);

  await kysely.transaction().execute(async (trx) => {
    await sql`insert into note values ('two')`.execute(trx);
    await sql`insert into note values ('three')`.execute(trx);
    expect(logFiles()).toHaveLength(1);
  });
  expect(logFiles()).toHaveLength(2);
});

it("ends, acknowledging nothing more, when the disk refuses, and recovers at the next start", async () => {
  const folder = temporaryFolder();
  const process = startProcess(join(import.meta.dirname, "../../support/lose-the-disk.ts"), folder);
  await process.says("stored");
  await expect(process.says("fulfilled fulfilled fulfilled")).rejects.toThrow(
    /cannot go on.*could not fsync/,
  );
  expect(await process.ended()).toBe(1);

  const { kysely, close } = await openPgliteDatabase({ dataFolder: folder });
  onTestFinished(close);
  const { rows } = await sql`select words from note where words = 'kept'`.execute(kysely);
  expect(rows).toHaveLength(1);
});

it("keeps the log short by checkpoints, which PGlite does not do by itself", async () => {
  const { kysely, close } = await openWithNotes({ checkpointEveryMs: 20 });
  onTestFinished(close);
  const lastCheckpoint = async () => {
    const { rows } = await sql<{
      at: string;
    }>`select checkpoint_lsn::text as at from pg_control_checkpoint()`.execute(kysely);
    return rows[0]?.at;
  };
  const before = await lastCheckpoint();
  await sql`insert into note values ('one')`.execute(kysely);
  await vi.waitFor(async () => expect(await lastCheckpoint()).not.toBe(before), { timeout: 10_000 });
});
