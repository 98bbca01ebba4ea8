import { expect, it, onTestFinished } from "vitest";
import { readSeals } from "../../../server/audit/chain/read-sealed.ts";
import { verifyChain } from "../../../server/audit/chain/verify-chain.ts";
import { writeWhileKilled } from "../../support/audit-drill.ts";

it("G8: chains every row of 20 writers once, late ones too, while processes are killed", async () => {
  const drill = await writeWhileKilled({ rows: 6_000, writers: 20, kills: 2, rowsAStatement: 60 });
  onTestFinished(drill.database.close);
  const { db, keyRing, workspaceIds } = drill;
  const events = await db.selectFrom("audit_event").select("id").execute();
  const ids = new Set(events.map(({ id }) => id));
  expect(ids.size).toBeGreaterThanOrEqual(6_000);
  let late = 0;
  for (const workspaceId of workspaceIds) {
    expect(await verifyChain({ db, keyRing }, { workspaceId })).toMatchObject({
      fault: null,
      unsealed: { rows: 0 },
    });
    let highest = 0;
    for await (const seals of readSeals(db, { workspaceId, rows: 1_000 }))
      for (const id of seals.flatMap(({ event_ids }) => event_ids)) {
        expect(ids.delete(id), `row ${id} once`).toBe(true);
        if (id < highest) late++;
        highest = Math.max(highest, id);
      }
  }
  expect(ids.size).toBe(0);
  // The promise about rows that become visible after later ones was put to the test.
  expect(late).toBeGreaterThan(0);
});
