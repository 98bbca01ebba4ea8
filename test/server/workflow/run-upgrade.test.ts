import { sql } from "kysely";
import { PgBoss } from "pg-boss";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentGraph, eventsOf, openTestWorkspace, script, startTestEngine } from "./run-setup.ts";

/**
 * The version before kept each run as a job until it was over: active with a heartbeat while a worker had it. It knew
 * no claim in the run's row. What it left is written here as it wrote it.
 */
const settings = {
  heartbeatSeconds: 10,
  retryDelay: 0,
  retryLimit: 1_000,
  expireInSeconds: 24 * 3_600,
  deleteAfterSeconds: 3_600,
};

const workspace = await openTestWorkspace();
const { db, database } = workspace;
const old = new PgBoss({
  ...database.bossOptions,
  schedule: false,
  supervise: false,
  useListenNotify: false,
});
old.on("error", () => {});
const graph = agentGraph(script({ tool: "whoami" }, { say: "done" }), ["whoami"]);

type OldRun = { status: "queued" | "running" | "waiting"; attempt: number; parks: number };

async function addOldRun({ status, attempt, parks }: OldRun): Promise<string> {
  const idle = await startTestEngine(workspace, { work: false });
  const id = await idle.start(graph, "Go.");
  await idle.engine.stop();
  await sql`delete from pgboss.job`.execute(db);
  await sql`update workflow_run set status = ${status}, attempt = ${attempt}, parks = ${parks},
    started_at = case when ${status} = 'queued' then null else created_at end where id = ${id}`.execute(db);
  if (status !== "queued")
    await sql`insert into run_event (run_id, seq, type, data, created_at)
      select ${id}::uuid, 2, 'run.started', '{}', created_at from workflow_run where id = ${id}`.execute(db);
  return id;
}

let ids: { queued: string; running: string; waiting: string };
beforeAll(async () => {
  ids = {
    queued: await addOldRun({ status: "queued", attempt: 0, parks: 0 }),
    running: await addOldRun({ status: "running", attempt: 1, parks: 0 }),
    waiting: await addOldRun({ status: "waiting", attempt: 2, parks: 1 }),
  };
  await old.start();
  await old.updateQueue("run", settings);
  await old.insert("run", [{ id: ids.running, data: {} }]);
  expect(await old.fetch("run")).toMatchObject([{ id: ids.running }]);
  await old.insert("run", [{ id: ids.queued, data: {} }]);
  await old.stop({ graceful: false, close: true });
  // Its worker was killed a minute ago.
  await sql`update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where id = ${ids.running}`.execute(
    db,
  );
  const { rows } = await sql`select id, state::text from pgboss.job order by state::text desc`.execute(db);
  expect(rows).toEqual([
    { id: ids.queued, state: "created" },
    { id: ids.running, state: "active" },
  ]);
});
afterAll(() => old.stop({ graceful: false, close: true }));

it("goes on with the runs of the version before: queued, under way and suspended", async () => {
  const test = await startTestEngine(workspace);
  expect(await test.finished(ids.queued)).toMatchObject({ status: "succeeded", output: "done" });
  const running = await test.finished(ids.running);
  expect(running).toMatchObject({ status: "succeeded", output: "done" });
  expect(eventsOf(running, "run.resumed")).toHaveLength(1);

  expect(await test.engine.getRun({ workspaceId: workspace.workspaceId, runId: ids.waiting })).toMatchObject({
    status: "waiting",
  });
  await db.transaction().execute((trx) => test.engine.suspension.resume(trx, [ids.waiting]));
  test.engine.suspension.wake([ids.waiting]);
  const waiting = await test.finished(ids.waiting);
  expect(waiting).toMatchObject({ status: "succeeded", output: "done" });
  expect(eventsOf(waiting, "run.resumed")).toEqual([]);
  expect((await sql`select id from pgboss.job`.execute(db)).rows).toEqual([]);
}, 60_000);
