import { beforeEach, expect, it } from "vitest";
import type { RunEvent } from "../../../plugin/api/runs.ts";
import { systemClock } from "../../../server/clock.ts";
import { followRun } from "../../../server/workflow/follow-run.ts";
import { createRunSignals } from "../../../server/workflow/run-signals.ts";
import { agentGraph, openTestWorkspace, script, startTestEngine, testLog, typesOf } from "./run-setup.ts";

const workspace = await openTestWorkspace();
const { workspaceId } = workspace;
let gate = Promise.withResolvers<void>();
const test = await startTestEngine(workspace, {
  overrides: {
    whoami: async () => {
      await gate.promise;
      return { success: true } as never;
    },
  },
});
// Knows of the runs only what is stored and what it is notified of, as another process would.
const elsewhere = await startTestEngine(workspace, { work: false });
const held = agentGraph(script({ tool: "whoami" }, { say: "done" }), ["whoami"]);

beforeEach(() => {
  gate = Promise.withResolvers<void>();
});

const follow = async (engine: typeof test.engine, runId: string, afterSeq?: number) => {
  const signal = AbortSignal.timeout(15_000);
  return (await engine.followRun({ workspaceId, runId, afterSeq, signal }))[Symbol.asyncIterator]();
};
const rest = async (events: AsyncIterator<RunEvent>): Promise<RunEvent[]> => {
  const found: RunEvent[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) found.push(next.value);
  return found;
};

it.each([
  ["the process that executes it", test],
  ["another process", elsewhere],
])("sends each event as it comes, up to the last, to readers in %s", async (_, reader) => {
  const runId = await test.start(held, "Go.");
  const events = await follow(reader.engine, runId);
  const seen: RunEvent[] = [];
  while (seen.at(-1)?.type !== "tool.started") seen.push((await events.next()).value as RunEvent);
  gate.resolve();
  seen.push(...(await rest(events)));
  expect(seen).toEqual((await test.engine.getRunWithEvents({ workspaceId, runId })).events);
  expect(seen.at(-1)?.type).toBe("run.succeeded");
});

it("goes on behind the last event a reader has seen, without a gap and without repeating one", async () => {
  const run = await test.run(agentGraph(script({ say: "done" })), "Go.");
  for (const { seq } of run.events) {
    const later = await rest(await follow(test.engine, run.id, seq));
    expect([...run.events.slice(0, seq), ...later]).toEqual(run.events);
  }
});

it("ends at once for a reader that has seen the end, or says it has seen more than there is", async () => {
  const run = await test.run(agentGraph(script({ say: "done" })), "Go.");
  expect(await rest(await follow(test.engine, run.id, run.events.length))).toEqual([]);
  expect(await rest(await follow(test.engine, run.id, 1_000_000))).toEqual([]);
});

it("stops when the reader goes away", async () => {
  const runId = await test.start(held, "Go.");
  const gone = new AbortController();
  const events = await test.engine.followRun({ workspaceId, runId, signal: gone.signal });
  const reading = (async () => {
    for await (const event of events) if (event.type === "tool.started") gone.abort();
  })();
  await expect(reading).resolves.toBeUndefined();
  gate.resolve();
  expect(typesOf(await test.finished(runId)).at(-1)).toBe("run.succeeded");
});

// A database of its own, where nobody works and the test tells what happens.
const idle = await openTestWorkspace();
const nobodyWorks = await startTestEngine(idle, { work: false });

it("reads what was stored when it hears only of what comes after it", async () => {
  const { database, db } = idle;
  const signals = createRunSignals({ database, log: testLog() });
  const runId = await nobodyWorks.start(held, "Go.");
  const parts = { db, clock: systemClock, signals };
  const input = { workspaceId: idle.workspaceId, runId, signal: AbortSignal.timeout(15_000) };
  const events = (await followRun(parts, input))[Symbol.asyncIterator]();
  expect((await events.next()).value.seq).toBe(1);

  const next = events.next();
  const created_at = new Date();
  const rows = [2, 3, 4].map((seq) => ({ run_id: runId, seq, type: "run.resumed", data: "{}", created_at }));
  await db.insertInto("run_event").values(rows).execute();
  signals.changed(runId, [
    { seq: 4, type: "run.resumed", node_id: null, at: created_at.toISOString(), data: {} },
  ]);
  const seen = [(await next).value.seq, (await events.next()).value.seq, (await events.next()).value.seq];
  expect(seen).toEqual([2, 3, 4]);
});
