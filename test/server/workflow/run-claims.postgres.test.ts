import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { createRunClaims } from "../../../server/workflow/run-claims.ts";
import { createRunQueue } from "../../../server/workflow/run-queue.ts";
import {
  addPlayedProcess,
  agentGraph,
  openTestWorkspace,
  script,
  startTestEngine,
  testLog,
} from "./run-setup.ts";

it("leaves a run that another transaction holds on the queue, and waits for nobody", async () => {
  const workspace = await openTestWorkspace();
  const { database, db } = workspace;
  const { background } = database;
  const queue = createRunQueue({ bossOptions: database.bossOptions, log: testLog() });
  await queue.start();
  afterAll(() => queue.stop());
  const processId = await addPlayedProcess(db);
  const claims = createRunClaims({
    db,
    background,
    clock: systemClock,
    queue,
    processId,
    isOnlyProcess: false,
  });
  const idle = await startTestEngine(workspace, { work: false });
  const graph = agentGraph(script({ say: "done" }));
  const ids = [await idle.start(graph, "Go."), await idle.start(graph, "Go.")];

  await db.transaction().execute(async (trx) => {
    await sql`select from workflow_run where id = ${ids[0]} for update`.execute(trx);
    const fetched = await claims.fetch(2, []);
    expect(fetched.runs.map(({ id }) => id)).toEqual([ids[1]]);
    // Not at once again: the other transaction may take a while.
    expect(fetched.mayHaveMore).toBe(false);
  });
  expect((await claims.fetch(2, [])).runs.map(({ id }) => id)).toEqual([ids[0]]);
});

it("keeps the only job of a run that is released while another process fetches an older job of it", async () => {
  const workspace = await openTestWorkspace();
  const { database, db } = workspace;
  const { background } = database;
  const queue = createRunQueue({ bossOptions: database.bossOptions, log: testLog() });
  await queue.start();
  afterAll(() => queue.stop());
  const claimsOf = async (own: typeof queue) => {
    const processId = await addPlayedProcess(db);
    return createRunClaims({
      db,
      background,
      clock: systemClock,
      queue: own,
      processId,
      isOnlyProcess: false,
    });
  };
  const second = await claimsOf(queue);
  const first = await claimsOf({
    ...queue,
    add: async (trx, ids) => {
      await queue.add(trx, ids);
      // Between the statements of the release.
      expect((await second.fetch(1, [])).runs).toEqual([]);
    },
  });
  const idle = await startTestEngine(workspace, { work: false });
  const id = await idle.start(agentGraph(script({ say: "done" })), "Go.");
  expect((await first.fetch(1, [])).runs).toMatchObject([{ id }]);
  // As a process leaves it that was slow to see that the run was taken over.
  await db.transaction().execute((trx) => queue.add(trx, [id]));

  await first.release([id]);
  expect((await second.fetch(1, [])).runs).toMatchObject([{ id }]);
});
