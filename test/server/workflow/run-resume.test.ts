import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { executeRun } from "../../../server/workflow/execute-run.ts";
import { createResolveModel } from "../../../server/workflow/resolve-model.ts";
import { createRunClaims } from "../../../server/workflow/run-claims.ts";
import { createRunQueue } from "../../../server/workflow/run-queue.ts";
import { withoutRandom } from "../../support/without-random.ts";
import { chatAnswer, fetchStandIns, startModelServer } from "../model/model-stand-in.ts";
import {
  addPlayedProcess,
  agentGraph,
  code,
  edge,
  eventsOf,
  node,
  openTestWorkspace,
  script,
  startTestEngine,
  testExecutors,
  testLog,
  typesOf,
} from "./run-setup.ts";

const workspace = await openTestWorkspace();
const { database, db, keys, workspaceId } = workspace;
const { background } = database;
// Starts and shows runs; the workers are played by hand below.
const { engine, start, finished } = await startTestEngine(workspace, { work: false });
const log = testLog();
const queue = createRunQueue({ bossOptions: database.bossOptions, log });
await queue.start();
afterAll(() => queue.stop());
const claims = createRunClaims({
  db,
  background,
  clock: systemClock,
  queue,
  processId: await addPlayedProcess(db),
  isOnlyProcess: database.kind === "pglite",
});

/** Resolves when the event run.resumed is stored. */
let resumed = Promise.withResolvers<void>();
/** Opened by the test: until then the tool that was called first does not answer. */
const open = Promise.withResolvers<void>();
open.resolve();
let gate = Promise.withResolvers<void>();
let reached = Promise.withResolvers<void>();
const waitOnce = async <T>(result: T): Promise<T> => {
  const mine = gate;
  gate = open;
  reached.resolve();
  await mine.promise;
  return result;
};
// A key that is known for one only because the tool that gave it says so.
const plainKey = "a plain key of no known form";
const { executors, calls } = testExecutors({
  create_agent_user: async ({ purpose }) => ({
    success: true,
    username: "agent_test_agent",
    api_key: plainKey,
    api_base_url: "",
    purpose,
    already_existed: false,
  }),
  get_totp_code: () =>
    waitOnce({ success: true, username: "agent_test_agent", totp_code: code, expires_in: 20, period: 30 }),
  platform_api: () => waitOnce({ success: true, status: 200, body: {} }),
});
const shared = { db, clock: systemClock, keys, log, executors, host: { name: "totem", instance: "test" } };
const parts = {
  ...shared,
  resolveModel: createResolveModel({ db, keys, fetchModel: fetchStandIns }),
  changed: (_runId: string, events?: readonly { type: string }[]) => {
    if (events?.some(({ type }) => type === "run.resumed")) resumed.resolve();
  },
  suspend: async () => false,
};

beforeEach(() => {
  gate = Promise.withResolvers<void>();
  reached = Promise.withResolvers<void>();
  resumed = Promise.withResolvers<void>();
  calls.length = 0;
});

/** A worker takes what there is; `execution` settles when it has done with it, `die` stops it where it stands. */
async function work() {
  const { runs } = await claims.fetch(1, []);
  if (!runs[0]) throw new Error("There was nothing to do.");
  const hold = new AbortController();
  const run = await claims.open(runs[0]);
  const execution = executeRun(parts, run, hold);
  return { runId: run.id, execution, die: () => hold.abort(new Error("killed")) };
}

/** What another process does with the run of one that shows no life. */
const passOn = (runId: string) => claims.release([runId]);

/** Everything there is of a run. */
const storedOf = async (runId: string) => ({
  run: await engine.getRunWithEvents({ workspaceId, runId }),
  steps: await db.selectFrom("run_step").selectAll().where("run_id", "=", runId).orderBy("seq").execute(),
});

const twoTools = agentGraph(
  script(
    { tool: "create_agent_user" },
    { tool: "get_totp_code" },
    { say: `My key is ${plainKey}, my code ${code}.` },
  ),
  ["create_agent_user", "get_totp_code"],
);

describe("a run whose worker died between two tool calls", () => {
  const takeOver = async () => {
    const runId = await start(twoTools, "Go.");
    const first = await work();
    await reached.promise;
    first.die();
    await passOn(first.runId);
    const second = await work();
    await second.execution;
    return finished(runId);
  };

  it("goes on in another, which makes no finished call again", async () => {
    const run = await takeOver();
    expect(run.status).toBe("succeeded");
    expect(calls.map(({ tool }) => tool)).toEqual(["create_agent_user", "get_totp_code", "get_totp_code"]);
    // The call that was broken off is made again under its own id, so that a tool can know it again.
    expect(calls[1]?.call.caller.trace?.callId).toBe(calls[2]?.call.caller.trace?.callId);
    expect(calls[0]?.call.caller.trace?.callId).not.toBe(calls[1]?.call.caller.trace?.callId);
  });

  it("says that it was resumed, and counts its events on without a gap", async () => {
    const run = await takeOver();
    expect(run.events.map((event) => event.seq)).toEqual(run.events.map((_, index) => index + 1));
    expect(eventsOf(run, "run.resumed").map((event) => event.data)).toEqual([{ attempt: 2 }]);
    expect(typesOf(run).filter((type) => type === "run.started")).toHaveLength(1);
    expect(typesOf(run).filter((type) => type === "tool.started")).toHaveLength(2);
  });

  it("hides what the first worker had learned", async () => {
    const run = await takeOver();
    expect(run.output).toBe("My key is ••••••, my code ••••••.");
    expect(withoutRandom(JSON.stringify(run))).not.toMatch(/483291|plain key/);
  });
});

describe("a run whose worker died in the second of two agents", () => {
  const first = agentGraph(
    script({ tool: "create_agent_user" }, { say: `The first one's key is ${plainKey}.` }),
    ["create_agent_user"],
  );
  const twoAgents = {
    nodes: [
      ...first.nodes,
      node("second", "agent"),
      node(
        "second-model",
        "ai_model",
        script(
          { tool: "platform_api", arguments: { path: `/${plainKey}` } },
          { say: `I heard ${plainKey}.` },
        ),
      ),
      node("api", "platform_api"),
    ],
    edges: [
      ...first.edges,
      edge("agent", "second"),
      edge("second-model", "second", "llm"),
      edge("api", "second", "tool"),
    ],
  };

  it("hides what the first agent had learned and was finished with", async () => {
    const runId = await start(twoAgents, "Go.");
    const worker = await work();
    await reached.promise;
    worker.die();
    await passOn(worker.runId);
    await (await work()).execution;
    const run = await finished(runId);
    expect(run).toMatchObject({ status: "succeeded", output: "I heard ••••••." });
    expect(JSON.stringify(run)).not.toContain(plainKey);
    expect(calls.filter(({ tool }) => tool === "create_agent_user")).toHaveLength(1);
  });

  it("hides it in the second agent's input too, when that had not begun", async () => {
    const runId = await start(twoAgents, "Go.");
    const worker = await work();
    await reached.promise;
    worker.die();
    // As if the worker had died right after the first agent's end was stored.
    await db.deleteFrom("run_step").where("run_id", "=", runId).where("node_id", "=", "second").execute();
    await passOn(worker.runId);
    await (await work()).execution;
    const run = await finished(runId);
    const begun = eventsOf(run, "node.started").filter((event) => event.node_id === "second");
    expect(begun.map((event) => event.data.input)).toEqual(Array(2).fill("The first one's key is ••••••."));
    expect(JSON.stringify(run)).not.toContain(plainKey);
  });
});

it("keeps what models and tools said sealed", async () => {
  await start(twoTools, "Go.");
  const worker = await work();
  await reached.promise;
  const rows = await db.selectFrom("run_step").selectAll().execute();
  expect(rows.map(({ kind }) => kind)).toEqual([
    "model_answer",
    "tool_started",
    "tool_result",
    "model_answer",
    "tool_started",
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/plain key|agent_test_agent|create_agent_user/);
  gate.resolve();
  worker.die();
  await passOn(worker.runId);
  await (await work()).execution;
});

it("asks the model for no answer a second time", async () => {
  const server = await startModelServer((_, number) =>
    number === 1
      ? chatAnswer({ calls: [{ name: "get_totp_code", arguments: "{}" }] })
      : chatAnswer({ text: "done" }),
  );
  const model = { provider: "openai-compatible", model: "m", base_url: server.url };
  const runId = await start(agentGraph(model, ["get_totp_code"]), "Go.");
  const first = await work();
  await reached.promise;
  first.die();
  await passOn(first.runId);
  await (await work()).execution;
  expect(await finished(runId)).toMatchObject({ status: "succeeded", output: "done" });
  expect(server.seen).toHaveLength(2);
  const messages = server.seen[1]?.body.messages as { role: string }[];
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
});

it.each([
  ["makes a call that only reads again", "GET", 2, { ok: true }],
  [
    "does not repeat a call that may have taken effect",
    "POST",
    1,
    { ok: false, result: { code: "OUTCOME_UNKNOWN" } },
  ],
])("%s", async (_, method, times, outcome) => {
  const steps = script({ tool: "platform_api", arguments: { method, path: "/x" } }, { say: "done" });
  const runId = await start(agentGraph(steps, ["platform_api"]), "Go.");
  const first = await work();
  await reached.promise;
  first.die();
  await passOn(first.runId);
  await (await work()).execution;
  const run = await finished(runId);
  expect(run.status).toBe("succeeded");
  expect(calls).toHaveLength(times);
  expect(eventsOf(run, "tool.finished").map((event) => event.data)).toMatchObject([outcome]);
});

describe("a worker that was only slow, once another has the run", () => {
  it("can write nothing more while the other goes on", async () => {
    const runId = await start(twoTools, "Go.");
    const slowGate = gate;
    const slow = await work();
    await reached.promise;
    await passOn(slow.runId);

    gate = Promise.withResolvers<void>();
    reached = Promise.withResolvers<void>();
    const heirGate = gate;
    const heir = await work();
    await reached.promise;
    // Its first event is stored a moment later.
    await resumed.promise;
    const before = await storedOf(runId);
    slowGate.resolve();
    await slow.execution;
    expect(await storedOf(runId)).toEqual(before);

    heirGate.resolve();
    await heir.execution;
    const run = await finished(runId);
    expect(run.status).toBe("succeeded");
    expect(run.events.map((event) => event.seq)).toEqual(run.events.map((_, index) => index + 1));
  });

  it("can write nothing after the other has ended it", async () => {
    const runId = await start(twoTools, "Go.");
    const slowGate = gate;
    const slow = await work();
    await reached.promise;
    await passOn(slow.runId);
    await (await work()).execution;
    const before = await storedOf(runId);
    slowGate.resolve();
    await slow.execution;
    expect(await storedOf(runId)).toEqual(before);
    expect(before).toMatchObject({ steps: [], run: { status: "succeeded" } });
  });
});

it("gives a run up that stops its worker time after time", async () => {
  const runId = await start(twoTools, "Go.");
  for (let attempt = 1; attempt <= 5; attempt++) {
    const worker = await work();
    worker.die();
    await worker.execution;
    await passOn(worker.runId);
  }
  await (await work()).execution;
  const run = await finished(runId);
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "INTERNAL", message: expect.stringContaining("given up") },
  });
  expect(run.events.at(-1)?.type).toBe("run.failed");
});
