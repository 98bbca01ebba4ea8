import { join } from "node:path";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { startProcess, type TestProcess } from "../../support/child-process.ts";
import { openTestLog } from "../../support/open-test-log.ts";
import { startHttpReceiver } from "../../support/stream-receivers.ts";

const script = join(import.meta.dirname, "stream-process.ts");
const rows = 2_600;

it("loses no row and changes no order when its process is killed in the middle, and sends at most one batch again", async () => {
  const log = await openTestLog();
  const id = await log.addWorkspace();
  await sql`insert into audit_event (workspace_id, at, actor_kind, actor_id, action, result)
    select ${id}, now(), 'system', 'totem', 'log.row_' || n, 'ok' from generate_series(1, ${rows}::integer) n`.execute(
    log.db,
  );
  await log.newSealer().sealAll();

  const batches: number[][] = [];
  const kills: number[] = [];
  let running: TestProcess | undefined;
  const receiver = await startHttpReceiver(async ({ body }) => {
    const { workspace_id, events } = JSON.parse(body);
    if (workspace_id !== id) return 204;
    batches.push(events.map(({ sequence }: { sequence: number }) => sequence));
    // It has the batch, and its sender never learns it.
    if (batches.length === 2 || batches.length === 4) {
      kills.push(batches.length);
      await running?.kill();
    }
    return 204;
  });
  const start = () =>
    startProcess(script, log.database.url ?? "", `http://:secret-of-the-hook@${receiver.host}/`);
  for (const sent of [2, 4]) {
    running = start();
    await receiver.until(() => batches.length >= sent);
    expect(await running.ended()).toBe(null);
  }
  running = start();
  await receiver.until(() => batches.at(-1)?.at(-1) === rows);

  expect(kills).toEqual([2, 4]);
  // Each restart begins with the batch that was not confirmed; without those, every row is there once and in order.
  expect(batches[2]).toEqual(batches[1]);
  expect(batches[4]).toEqual(batches[3]);
  const seen = batches.filter((_, index) => index !== 2 && index !== 4).flat();
  expect(seen).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
  await running.kill();
  await log.database.close();
});
