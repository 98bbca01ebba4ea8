import { once } from "node:events";
import { expect, it } from "vitest";
import { startModelServer } from "../model/model-stand-in.ts";
import { agentGraph, openTestWorkspace, script, startTestEngine, testCaller, typesOf } from "./run-setup.ts";

/** As a timer of this long. */
const never = 2 ** 31 - 1;

const workspace = await openTestWorkspace();
const { workspaceId, db } = workspace;
let woken = Promise.withResolvers<void>();
const test = await startTestEngine(workspace, {
  // Without heartbeats only the word of the cancelling process can reach a tool or a model.
  heartbeatMs: never,
  overrides: {
    get_totp_code: async (_, { signal }) => {
      await once(signal, "abort");
      woken.resolve();
      throw signal.reason;
    },
  },
});
const { engine } = test;
const cancel = (runId: string) => engine.cancelRun(testCaller(workspaceId), runId);
const waiting = agentGraph(script({ tool: "get_totp_code" }, { say: "never" }), ["get_totp_code"]);

it("stops a tool that waits, without a heartbeat, and writes nothing after that", async () => {
  woken = Promise.withResolvers<void>();
  const runId = await test.start(waiting, "Go.");
  await test.reached(runId, "tool.started");
  await cancel(runId);
  const run = await test.finished(runId);
  await woken.promise;
  expect(run).toMatchObject({ status: "cancelled", output: null, error: null });
  expect(typesOf(run).slice(-2)).toEqual(["tool.started", "run.cancelled"]);
  // Time for a worker that would go on: another run, from start to end, by the same worker.
  await test.run(agentGraph(script({ say: "ok" })), "Go.");
  expect(await engine.getRunWithEvents({ workspaceId, runId })).toEqual(run);
  expect(await db.selectFrom("run_step").select("seq").where("run_id", "=", runId).execute()).toEqual([]);
});

it("stops a run that another process executes", async () => {
  const elsewhere = await startTestEngine(workspace, { work: false });
  woken = Promise.withResolvers<void>();
  const runId = await test.start(waiting, "Go.");
  await test.reached(runId, "tool.started");
  await elsewhere.engine.cancelRun(testCaller(workspaceId), runId);
  await woken.promise;
});

it("breaks off a question to a model", async () => {
  const left = Promise.withResolvers<void>();
  const server = await startModelServer(() => {
    left.resolve();
    return new Promise(() => {});
  });
  const model = { provider: "openai-compatible", model: "m", base_url: server.url };
  const runId = await test.start(agentGraph(model), "Go.");
  await left.promise;
  await cancel(runId);
  expect(await test.finished(runId)).toMatchObject({ status: "cancelled" });
  await server.closed();
});

// A database of its own, where at first nobody works.
const idleWorkspace = await openTestWorkspace();

it("ends a run nobody has begun, and no worker begins it", async () => {
  const idle = await startTestEngine(idleWorkspace, { work: false });
  const runId = await idle.start(waiting, "Go.");
  await idle.engine.cancelRun(testCaller(idleWorkspace.workspaceId), runId);
  const worker = await startTestEngine(idleWorkspace);
  await worker.run(agentGraph(script({ say: "ok" })), "Go.");
  expect(worker.calls).toEqual([]);
  expect(typesOf(await idle.finished(runId))).toEqual(["run.queued", "run.cancelled"]);
});

it("is refused for a run that has ended", async () => {
  const { id } = await test.run(agentGraph(script({ say: "ok" })), "Go.");
  await expect(cancel(id)).rejects.toMatchObject({ code: "RUN_FINISHED" });
  const runId = await test.start(waiting, "Go.");
  await cancel(runId);
  await expect(cancel(runId)).rejects.toMatchObject({ code: "RUN_FINISHED" });
});

it("writes down who cancelled", async () => {
  const runId = await test.start(waiting, "Go.");
  await cancel(runId);
  const rows = await db
    .selectFrom("audit_event")
    .select("action")
    .where("run_id", "=", runId)
    .orderBy("id")
    .execute();
  expect(rows.map(({ action }) => action)).toEqual(["run.started", "run.cancelled"]);
});
