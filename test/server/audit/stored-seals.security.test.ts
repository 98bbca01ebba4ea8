import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  checkWitnesses,
  isWitnessLost,
  readWitness,
  storeWitnesses,
} from "../../../server/audit/chain/witness-file.ts";
import { openTestLog } from "../../support/open-test-log.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

let log: Awaited<ReturnType<typeof openTestLog>>;
beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.database.close());

it("G8: keeps a stored seal that the log has lost, says so at the start and at each seal, and verify goes on to fail", async () => {
  const dataFolder = temporaryFolder();
  const lost: string[] = [];
  const parts = { db: log.db, dataFolder, onLost: (message: string) => void lost.push(message) };
  const id = await log.addWorkspace();
  const stored = async () => (await readWitness(dataFolder, id)) ?? expect.fail("There is no stored seal.");
  const sealNext = async () => {
    await log.write(id);
    await log.newSealer().sealAll();
    await storeWitnesses(parts, log.seals.slice(-1));
  };
  await sealNext();
  await sealNext();
  await checkWitnesses(parts);
  expect(lost).toEqual([]);
  const newest = await stored();
  expect(newest.statement.last_sequence).toBe(2);

  await log.tamper(
    sql`delete from audit_event where workspace_id = ${id} and id = ${newest.statement.last_event_id}`,
    sql`delete from audit_seal where workspace_id = ${id} and first_sequence = 2`,
  );
  await checkWitnesses(parts);
  expect(lost).toEqual([expect.stringContaining(`${id}.json any more: rows were removed`)]);
  expect(await isWitnessLost(log.db, newest)).toBe(true);
  await sealNext();
  expect(lost).toHaveLength(2);
  expect(await stored()).toEqual(newest);
  expect((await log.verify(id, [await stored()])).fault).toMatchObject({ kind: "rewritten", sequence: 2 });

  const path = join(dataFolder, "audit-seals", `${id}.json`);
  writeFileSync(path, "{");
  await sealNext();
  expect(lost).toHaveLength(3);
  expect(readFileSync(path, "utf8")).toBe("{");
});
