import { expect, it, onTestFinished } from "vitest";
import { systemActor, writeAuditEvent } from "../../../server/audit/audit-log.ts";
import { readSeals } from "../../../server/audit/chain/read-sealed.ts";
import { verifyChain } from "../../../server/audit/chain/verify-chain.ts";
import { readChain } from "../../../server/audit/read-chain.ts";
import { writeWhileKilled } from "../../support/audit-drill.ts";
import { openTestLog } from "../../support/open-test-log.ts";

it("G8: chains every row of 20 writers once, late ones too, while processes are killed", async () => {
  const drill = await writeWhileKilled({ rows: 6_000, writers: 20, kills: 2, rowsAStatement: 60 });
  onTestFinished(drill.database.close);
  const { db, keyRing, workspaceIds } = drill;
  const events = await db.selectFrom("audit_event").select("id").execute();
  const ids = new Set(events.map(({ id }) => id));
  expect(ids.size).toBeGreaterThanOrEqual(6_000);
  for (const workspaceId of workspaceIds) {
    expect(await verifyChain({ db, keyRing }, { workspaceId, now: new Date(0) })).toMatchObject({
      fault: null,
      unsealed: { rows: 0 },
    });
    const found: number[] = [];
    for await (const seals of readSeals(db, { workspaceId, rows: 1_000 })) {
      found.push(...seals.map(({ found_unsealed }) => found_unsealed));
      for (const id of seals.flatMap(({ event_ids }) => event_ids)) {
        expect(ids.delete(id), `row ${id} once`).toBe(true);
      }
    }
    // What the kill left is marked, and was sealed by the next process.
    expect(found.at(-1)).toBeGreaterThan(0);
  }
  expect(ids.size).toBe(0);
});

it("G8: chains a row whose transaction ends after later rows are sealed, and gives up one that was taken back", async () => {
  const log = await openTestLog();
  onTestFinished(log.database.close);
  const { db, workspaceId } = log;
  const sealer = log.newSealer();
  const row = (trx: typeof db) =>
    writeAuditEvent(trx, { workspaceId, at: log.clock.now(), actor: systemActor, action: "log.late" });
  const [late, takenBack] = [await db.startTransaction().execute(), await db.startTransaction().execute()];
  await row(late);
  await row(takenBack);
  await log.write(workspaceId);
  for (let turn = 0; turn < 4; turn++) {
    await sealer.sealAll();
    await log.write(workspaceId);
  }
  await late.commit().execute();
  await takenBack.rollback().execute();
  for (let turn = 0; turn < 4; turn++) {
    await sealer.sealAll();
    await log.write(workspaceId);
  }
  await sealer.sealAll();
  const sealed = log.seals.map(({ statement }) => statement);
  expect(sealed.slice(0, 4).map(({ settled_id }) => settled_id)).toEqual([0, 0, 0, 0]);
  const [lateSeal] = sealed.filter(({ first_sequence }) => first_sequence === 5);
  const { events } = await readChain(db, { workspaceId, from: 1, limit: 100 });
  expect(events.map(({ row: { id } }) => id).slice(0, 6)).toEqual([3, 4, 5, 6, 1, 7]);
  expect(lateSeal?.last_event_id).toBe(7);
  expect(sealed.at(-1)?.settled_id).toBeGreaterThan(2);
  expect(await log.verify(workspaceId)).toMatchObject({ fault: null, unsealed: { rows: 0 } });
});
