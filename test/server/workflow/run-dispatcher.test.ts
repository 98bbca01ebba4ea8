import { once } from "node:events";
import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { openTestDatabase } from "../../support/open-test-database.ts";
import { addWorkspace, agentGraph, eventsOf, script, startTestEngine } from "./run-setup.ts";

/** A database for each test: a worker takes every run there is. */
async function openWorkspace() {
  const database = await openTestDatabase();
  afterAll(() => database.close());
  return { database, db: database.kysely, ...(await addWorkspace(database)) };
}

const graph = agentGraph(script({ tool: "whoami" }, { say: "done" }), ["whoami"]);

it("executes more runs than it has places, and never more at once than that", async () => {
  let [now, most] = [0, 0];
  const allPlacesTaken = Promise.withResolvers<void>();
  const test = await startTestEngine(await openWorkspace(), {
    concurrency: 3,
    overrides: {
      whoami: async () => {
        most = Math.max(most, ++now);
        if (now === 3) allPlacesTaken.resolve();
        // The first three wait for each other: with fewer places this test would never end.
        await allPlacesTaken.promise;
        now--;
        return { success: true } as never;
      },
    },
  });
  const ids = await Promise.all(Array.from({ length: 20 }, () => test.start(graph, "Go.")));
  const runs = await Promise.all(ids.map(test.finished));
  expect(runs.map(({ status }) => status)).toEqual(ids.map(() => "succeeded"));
  expect(runs.flatMap((run) => eventsOf(run, "run.resumed"))).toEqual([]);
  expect(most).toBe(3);
});

it("begins what was waiting when it starts", async () => {
  const workspace = await openWorkspace();
  const idle = await startTestEngine(workspace, { work: false });
  const runId = await idle.start(graph, "Go.");
  await startTestEngine(workspace);
  expect(await idle.finished(runId)).toMatchObject({ status: "succeeded" });
});

it("is told by another process what is on the queue, and need not look", async () => {
  const workspace = await openWorkspace();
  const worker = await startTestEngine(workspace, { pollMs: 2 ** 31 - 1 });
  // Its first look is over when a run of its own is.
  await worker.run(graph, "Go.");
  const other = await startTestEngine(workspace, { work: false });
  expect(await other.finished(await other.start(graph, "Go."))).toMatchObject({ status: "succeeded" });
});

it("lets a run that is under way end when it stops", async () => {
  const workspace = await openWorkspace();
  const inTool = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const test = await startTestEngine(workspace, {
    overrides: {
      whoami: async () => {
        inTool.resolve();
        await gate.promise;
        return { success: true } as never;
      },
    },
  });
  const runId = await test.start(graph, "Go.");
  await inTool.promise;
  const stopping = test.engine.stop({ graceMs: 10_000 });
  gate.resolve();
  await stopping;
  const { workspaceId } = workspace;
  expect(await test.engine.getRun({ workspaceId, runId })).toMatchObject({ status: "succeeded" });
});

it("gives back at once what it cannot end in time, and another goes on with it", async () => {
  const workspace = await openWorkspace();
  const inTool = Promise.withResolvers<void>();
  const leaving = await startTestEngine(workspace, {
    overrides: {
      whoami: async (_, { signal }) => {
        inTool.resolve();
        await once(signal, "abort");
        return { success: true } as never;
      },
    },
  });
  const runId = await leaving.start(graph, "Go.");
  await inTool.promise;
  await leaving.engine.stop({ graceMs: 0 });
  // It is on the queue when the process has stopped: no other waits until a silent process counts as dead.
  const { db } = workspace;
  const left = await db.selectFrom("workflow_run").select(["id", "claimed_by"]).execute();
  expect(left).toEqual([{ id: runId, claimed_by: null }]);
  expect((await sql`select id from pgboss.job`.execute(db)).rows).toEqual([{ id: runId }]);
  const heir = await startTestEngine(workspace);
  expect(await heir.finished(runId)).toMatchObject({ status: "succeeded" });
});

it("is no worker when it was not asked to be one", async () => {
  const test = await startTestEngine(await openWorkspace(), { work: false });
  const runId = await test.start(graph, "Go.");
  expect(await test.reached(runId, "run.queued")).toMatchObject({ seq: 1 });
  await test.engine.stop();
  expect(test.calls).toEqual([]);
});
