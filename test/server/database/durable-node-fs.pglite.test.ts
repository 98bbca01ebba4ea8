import { sql } from "kysely";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { openPgliteDatabase, type PgliteDatabase } from "../../../server/database/pglite-database.ts";
import { migratedDump } from "../../support/migrated-dump.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

let flushed: string[];
let diskRefuses: boolean;

async function openWithNotes(options: { checkpointEveryMs?: number } = {}): Promise<PgliteDatabase> {
  const onFlush = (path: string): void => {
    if (diskRefuses) throw new Error("EIO");
    flushed.push(path);
  };
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
  diskRefuses = false;
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

it("does not acknowledge a commit that the disk refused", async () => {
  const { kysely } = await openWithNotes();
  diskRefuses = true;
  await expect(sql`insert into note values ('lost')`.execute(kysely)).rejects.toThrow();
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
