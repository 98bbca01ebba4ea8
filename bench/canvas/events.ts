import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { Browser } from "playwright-core";
import type { Tables } from "../../server/database/tables.ts";
import { openStudio } from "../../test/support/browser-studio.ts";
import { startTestServer } from "../../test/support/start-test-server.ts";
import { report } from "../measure.ts";
import { recordFrames, stopFrames } from "./frames.ts";
import { benchGraph } from "./graph.ts";

const perSecond = 500;
const seconds = 5;
const batch = 25;

/** Calls of tools all over the canvas, one after the other. Each marks a card and an edge as active, then as done. */
function* storm(groups: number) {
  for (let call = 0; ; call++) {
    const group = (call * 7) % groups;
    const about = { call_id: `call_${call}`, tool: "get_totp_code", agent_node_id: `agent_${group}` };
    const node_id = `get_totp_code_${group}`;
    yield { type: "tool.started", node_id, data: { ...about, arguments: {} } };
    yield { type: "tool.finished", node_id, data: { ...about, ok: true, result: { success: true } } };
  }
}

/** An active run that writes events at a steady rate, as the run journal stores them. */
async function addRun(db: Kysely<Tables>, slug: string): Promise<string> {
  const id = randomUUID();
  const workflow = await db
    .selectFrom("workflow")
    .selectAll()
    .where("slug", "=", slug)
    .executeTakeFirstOrThrow();
  const at = new Date();
  await db
    .insertInto("workflow_run")
    .values({
      id,
      workspace_id: workflow.workspace_id,
      workflow_id: workflow.id,
      workflow_version: workflow.version,
      status: "running",
      input: "",
      started_by: "bench",
      created_at: at,
      started_at: at,
    })
    .execute();
  return id;
}

/** The studio with 1,000 nodes, in the browser, while a run sends 500 events a second for 5 seconds. */
export async function benchEvents(browser: Browser): Promise<void> {
  const server = await startTestServer();
  const graph = benchGraph(1_000);
  const slug = await server.addWorkflow(graph, "Storm");
  const db = server.database.kysely;
  const runId = await addRun(db, slug);
  const { page, context } = await openStudio({ browser, server }, `/w/${slug}`);
  await page.locator(".react-flow__node").nth(999).waitFor({ state: "attached" });

  const events = storm(graph.nodes.length / 5);
  let seq = 0;
  const write = async () => {
    const rows = Array.from({ length: batch }, () => {
      const { type, node_id, data } = events.next().value ?? { type: "", node_id: "", data: {} };
      seq++;
      return { run_id: runId, seq, type, node_id, data: JSON.stringify(data), created_at: new Date() };
    });
    await db.insertInto("run_event").values(rows).execute();
    const payload = JSON.stringify({ from: "bench", hints: [{ changed: runId }] });
    await sql`select pg_notify('totem_run', ${payload})`.execute(db);
  };
  await write();
  await page.locator('.totem-card[data-status="done"]').first().waitFor({ state: "attached" });

  await recordFrames(page);
  const start = performance.now();
  while (performance.now() - start < seconds * 1_000) {
    const due = ((performance.now() - start) / 1_000) * perSecond;
    if (seq - batch < due) await write();
    else await pause(5);
  }
  const sent = seq;
  const frames = await stopFrames(page);
  report(
    `p95 frame of the studio with 1000 nodes at ${Math.round(sent / seconds)} run events a second`,
    `${frames.p95.toFixed(1)} ms  (median ${frames.p50.toFixed(1)}, longest ${frames.longest.toFixed(0)})`,
    "under 50 ms",
    frames.p95 < 50 && sent >= perSecond * seconds * 0.98,
  );
  await context.close();
  await server.stop();
}
