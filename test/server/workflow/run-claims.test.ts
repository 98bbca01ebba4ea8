import { sql } from "kysely";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { createRunClaims } from "../../../server/workflow/run-claims.ts";
import { createRunQueue } from "../../../server/workflow/run-queue.ts";
import { startRun } from "../../../server/workflow/start-run.ts";
import { createWorkflows } from "../../../server/workflow/workflows.ts";
import { random } from "../../support/seeded-random.ts";
import {
  agentGraph,
  eventsOf,
  openTestWorkspace,
  script,
  startTestEngine,
  testCaller,
  testLog,
} from "./run-setup.ts";

const workspace = await openTestWorkspace();
const { database, db } = workspace;
const { background } = database;
const queue = createRunQueue({ bossOptions: database.bossOptions, log: testLog() });
await queue.start();
afterAll(() => queue.stop());
const workflows = createWorkflows({ db, clock: systemClock });
const graph = agentGraph(script({ tool: "whoami" }, { say: "done" }), ["whoami"]);

/** Puts a run on the queue. The processes that take it are played by hand, and no other looks out for dead ones. */
async function queueRun(): Promise<string> {
  const { workspaceId } = workspace;
  const workflow = await workflows.create(testCaller(workspaceId), { name: "Test", ...graph });
  const signals = { queued: () => {} };
  const parts = { db, clock: systemClock, queue, signals, reserve: () => undefined };
  return (await startRun(parts, testCaller(workspaceId), { workflow })).id;
}

afterEach(async () => {
  await sql`update workflow_run set status = 'cancelled', claimed_by = null`.execute(db);
  await sql`delete from pgboss.job`.execute(db);
});

async function startProcess() {
  const processId = random.uuid();
  const claims = createRunClaims({
    db,
    background,
    clock: systemClock,
    queue,
    processId,
    isOnlyProcess: false,
  });
  await claims.beat([]);
  return {
    ...claims,
    /** As if so many seconds had passed since its last heartbeat. */
    fallSilent: (seconds = 10) =>
      sql`update run_process set seen_at = clock_timestamp() - make_interval(secs => ${seconds})
        where id = ${processId}`.execute(db),
  };
}

const claimOf = (id: string) =>
  db
    .selectFrom("workflow_run")
    .select(["claimed_by", "attempt", "status"])
    .where("id", "=", id)
    .executeTakeFirst();
const jobs = async (): Promise<string[]> =>
  (await sql<{ id: string }>`select id from pgboss.job`.execute(db)).rows.map(({ id }) => id);

/** A run that a process took from the queue. */
async function takeRun() {
  const process = await startProcess();
  const id = await queueRun();
  const { runs } = await process.fetch(1, []);
  expect(runs.map((run) => run.id)).toEqual([id]);
  return { id, process, held: [{ id, attempt: 1 }] };
}

it("stores a run as claimed where its process has a place, and no job", async () => {
  const own = await openTestWorkspace();
  const inTool = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const test = await startTestEngine(own, {
    overrides: {
      whoami: async () => {
        inTool.resolve();
        await gate.promise;
        return { success: true } as never;
      },
    },
  });
  const id = await test.start(graph, "Go.");
  await inTool.promise;
  const run = await own.db
    .selectFrom("workflow_run")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  expect(run).toMatchObject({ status: "running", attempt: 1, claimed_by: expect.any(String) });
  expect((await sql`select id from pgboss.job`.execute(own.db)).rows).toEqual([]);
  gate.resolve();
  expect(await test.finished(id)).toMatchObject({ status: "succeeded" });
  const over = await own.db.selectFrom("workflow_run").select("claimed_by").where("id", "=", id).execute();
  expect(over).toEqual([{ claimed_by: null }]);
});

it("lets newer runs go behind those that wait for a place", async () => {
  const own = await openTestWorkspace();
  const order: string[] = [];
  const firstInTool = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const test = await startTestEngine(own, {
    concurrency: 1,
    overrides: {
      whoami: async (_, { caller }) => {
        const runId = caller.trace?.runId ?? "";
        order.push(runId);
        firstInTool.resolve();
        await gate.promise;
        return { success: true } as never;
      },
    },
  });
  const ids = [await test.start(graph, "Go.")];
  await firstInTool.promise;
  for (let more = 0; more < 3; more++) ids.push(await test.start(graph, "Go."));
  gate.resolve();
  await Promise.all(ids.map(test.finished));
  expect(order).toEqual(ids);
});

describe("a process that shows no life", () => {
  it("has its runs put on the queue by another, and can do nothing more with them", async () => {
    const { id, process, held } = await takeRun();
    const heir = await startProcess();
    expect(await heir.releaseDead()).toBe(false);
    await process.fallSilent(10);
    expect(await heir.releaseDead()).toBe(true);
    expect(await heir.releaseDead()).toBe(false);
    expect((await heir.fetch(5, [])).runs).toMatchObject([{ id, attempt: 2 }]);
    expect(await claimOf(id)).toEqual({ claimed_by: heir.processId, attempt: 2, status: "running" });
    expect(await process.beat(held)).toEqual(new Set());
  });

  it("goes on with its runs when it comes back before another took them", async () => {
    const { id, process, held } = await takeRun();
    const heir = await startProcess();
    await process.fallSilent();
    await heir.releaseDead();
    expect(await jobs()).toEqual([id]);
    expect(await process.beat(held)).toEqual(new Set([id]));
    expect((await heir.fetch(5, [])).runs).toEqual([]);
    expect(await jobs()).toEqual([]);
    expect(await claimOf(id)).toEqual({ claimed_by: process.processId, attempt: 1, status: "running" });
  });

  it("goes on with a run of its own that it fetches", async () => {
    const { id, process, held } = await takeRun();
    await process.fallSilent();
    await (await startProcess()).releaseDead();
    expect((await process.fetch(5, held)).runs).toEqual([]);
    expect(await jobs()).toEqual([]);
    expect(await claimOf(id)).toEqual({ claimed_by: process.processId, attempt: 1, status: "running" });
  });

  it("has its runs taken over even where its own row is gone", async () => {
    const { id, process } = await takeRun();
    await process.leave();
    const heir = await startProcess();
    expect(await heir.releaseDead()).toBe(true);
    expect((await heir.fetch(5, [])).runs).toMatchObject([{ id, attempt: 2 }]);
  });
});

it("goes on with a run whose claim was stored and whose answer was lost", async () => {
  const own = await openTestWorkspace();
  let processId: string | null = null;
  const test = await startTestEngine(own, {
    heartbeatMs: 50,
    overrides: {
      whoami: async (_, { caller }) => {
        const runId = caller.trace?.runId ?? "";
        const run = own.db.selectFrom("workflow_run").select("claimed_by").where("id", "=", runId);
        processId ??= (await run.executeTakeFirstOrThrow()).claimed_by;
        return { success: true } as never;
      },
    },
  });
  const first = await test.run(graph, "Go.");
  // As if the connection had broken after the statement that stored the run.
  const id = random.uuid();
  await sql`insert into workflow_run (id, workspace_id, workflow_id, workflow_version, status, input, attempt, claimed_by,
      started_by, created_at, started_at)
    select ${id}::uuid, workspace_id, workflow_id, workflow_version, 'running', input, 1, ${processId}::uuid,
      started_by, created_at, started_at
    from workflow_run where id = ${first.id}`.execute(own.db);
  await sql`insert into run_event (run_id, seq, type, data, created_at)
    select ${id}::uuid, seq, type, data, created_at from run_event where run_id = ${first.id} and seq = 1`.execute(
    own.db,
  );
  const run = await test.finished(id);
  expect(run.status).toBe("succeeded");
  expect(eventsOf(run, "run.resumed")).toHaveLength(1);
});
