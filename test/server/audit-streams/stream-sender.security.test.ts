import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAuditStreams } from "../../../server/audit-streams/audit-streams.ts";
import { holdStream } from "../../../server/audit-streams/stream-cursor.ts";
import { readStream } from "../../../server/audit-streams/stream-settings.ts";
import { createNotice } from "../../support/notice.ts";
import { openTestLog } from "../../support/open-test-log.ts";
import { random } from "../../support/seeded-random.ts";
import { type ReceivedRequest, startHttpReceiver } from "../../support/stream-receivers.ts";
import { waysTo } from "../../support/stream-ways.ts";

let log: Awaited<ReturnType<typeof openTestLog>>;
beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.database.close());

const times = { everyMs: 5, holdMs: 30_000, backOffMs: 5 };

/** What one process does with these addresses, and what it writes into its log. */
function streamTo(...addresses: string[]) {
  const notice = createNotice();
  const warnings: Record<string, unknown>[] = [];
  const warn = (facts: object, message: string) => {
    warnings.push({ ...facts, message });
    notice.happened();
  };
  const streams = createAuditStreams({
    db: log.db,
    clock: log.clock,
    settings: addresses.map(readStream),
    ways: waysTo(...addresses),
    version: "1",
    log: { warn },
    times,
  });
  streams.start();
  onTestFinished(() => streams.stop());
  return { ...streams, warnings, until: notice.until };
}

/** A workspace with so many sealed rows. */
async function sealedWorkspace(rows: number): Promise<string> {
  const id = await log.addWorkspace();
  await addRows(id, rows);
  return id;
}
async function addRows(workspaceId: string, rows: number): Promise<void> {
  await sql`insert into audit_event (workspace_id, at, actor_kind, actor_id, action, result)
    select ${workspaceId}, ${log.clock.now()}, 'system', 'totem', 'log.row_' || n, 'ok' from generate_series(1, ${rows}::integer) n`.execute(
    log.db,
  );
  await log.newSealer().sealAll();
}

const secret = "secret-of-the-hook";
const addressOf = (host: string, name = random.uuid()) => `http://:${secret}@${host}/${name}`;
const sequencesOf = (requests: readonly ReceivedRequest[], workspaceId: string): number[] =>
  requests
    .map(({ body }) => JSON.parse(body))
    .filter(({ workspace_id }) => workspace_id === workspaceId)
    .flatMap(({ events }) => events.map(({ sequence }: { sequence: number }) => sequence));
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("a stream of the audit log", () => {
  it("sends every row of every workspace once, in order, and goes on with new ones", async () => {
    const receiver = await startHttpReceiver();
    const [one, two] = [await sealedWorkspace(1_203), await sealedWorkspace(4)];
    const stream = streamTo(addressOf(receiver.host));
    const seen = (workspaceId: string) => sequencesOf(receiver.requests, workspaceId);
    await receiver.until(() => seen(one).length >= 1_203 && seen(two).length >= 4);
    await addRows(two, 2);
    await receiver.until(() => seen(two).length >= 6);
    await stream.stop();
    expect(seen(one)).toEqual(upTo(1_203));
    expect(seen(two)).toEqual(upTo(6));
  });

  it("goes on after a restart where it was, with one cursor for each stream", async () => {
    const receiver = await startHttpReceiver();
    const id = await sealedWorkspace(3);
    const [first, second] = [addressOf(receiver.host, "first"), addressOf(receiver.host, "second")];
    const at = (path: string) =>
      sequencesOf(
        receiver.requests.filter((request) => request.path === path),
        id,
      );
    const before = streamTo(first);
    await receiver.until(() => at("/first").length >= 3);
    await before.stop();
    await addRows(id, 2);
    const after = streamTo(first, second);
    await receiver.until(() => at("/first").length >= 5 && at("/second").length >= 5);
    await after.stop();
    expect(at("/first")).toEqual(upTo(5));
    expect(at("/second")).toEqual(upTo(5));
    expect(await after.list(id)).toMatchObject([
      { sent_up_to: 5, behind: 0, behind_since: null, problem: null },
      { sent_up_to: 5, behind: 0 },
    ]);
  });

  it("is sent by one process at a time; another goes on when that one ends", async () => {
    const receiver = await startHttpReceiver();
    const id = await sealedWorkspace(3);
    const address = addressOf(receiver.host);
    const processes = [streamTo(address), streamTo(address), streamTo(address)];
    const seen = () => sequencesOf(receiver.requests, id);
    await receiver.until(() => seen().length >= 3);
    for (const [index, one] of processes.entries()) {
      await one.stop();
      if (index === 2) break;
      await addRows(id, 1);
      await receiver.until(() => seen().length >= 4 + index);
    }
    expect(seen()).toEqual(upTo(5));
  });

  it("is taken over when the time of a process that was killed is up, and not before", async () => {
    const streamId = random.uuid();
    const hold = (holder: string, milliseconds: number) =>
      holdStream(log.db, { streamId, holder, milliseconds });
    expect(await hold("killed", 60_000)).toBe(true);
    expect(await hold("other", 60_000)).toBe(false);
    expect(await hold("killed", -1_000)).toBe(true);
    expect(await hold("other", 60_000)).toBe(true);
    expect(await hold("killed", 60_000)).toBe(false);
  });

  it("says how far it is behind, since when and why, and sends again until the target is back", async () => {
    let status = 500;
    const receiver = await startHttpReceiver(() => status);
    const id = await sealedWorkspace(7);
    const stream = streamTo(`${addressOf(receiver.host)}#siem`);
    await stream.until(() => stream.warnings.length >= 3);
    const { warnings } = stream;
    expect(warnings.find(({ workspace }) => workspace === id) ?? warnings[0]).toMatchObject({
      message: "a stream of the audit log is behind",
      stream: "siem",
      behind: expect.any(Number),
      since: log.clock.now(),
      problem: "The webhook answers with status 500.",
    });
    expect(await stream.list(id)).toMatchObject([
      {
        name: "siem",
        kind: "webhook",
        sent_up_to: 0,
        behind: 7,
        behind_since: log.clock.now().toISOString(),
        problem: "The webhook answers with status 500.",
      },
    ]);
    expect(JSON.stringify(warnings)).not.toContain(secret);
    const refused = receiver.requests.length;
    status = 204;
    await receiver.until(() => sequencesOf(receiver.requests.slice(refused), id).length >= 7);
    await stream.stop();
    expect(sequencesOf(receiver.requests.slice(refused), id)).toEqual(upTo(7));
    expect(await stream.list(id)).toMatchObject([{ behind: 0, problem: null, problem_since: null }]);
  });

  it("never holds up those who write: a target that does not answer waits alone", async () => {
    let answer = (): void => {};
    const receiver = await startHttpReceiver(() => new Promise((resolve) => (answer = () => resolve(204))));
    const id = await sealedWorkspace(2);
    const stream = streamTo(addressOf(receiver.host));
    await receiver.until(() => receiver.requests.length === 1);
    await addRows(id, 50);
    await log.db
      .transaction()
      .execute((trx) => sql`lock table audit_event in share row exclusive mode nowait`.execute(trx));
    answer();
    await stream.stop();
  });

  it("keeps the place of a row that was removed from the log, and sends what follows", async () => {
    const receiver = await startHttpReceiver();
    const id = await sealedWorkspace(5);
    await log.tamper(sql`delete from audit_event where workspace_id = ${id} and action = 'log.row_3'`);
    const stream = streamTo(addressOf(receiver.host));
    await receiver.until(() => sequencesOf(receiver.requests, id).length >= 4);
    await stream.stop();
    expect(sequencesOf(receiver.requests, id)).toEqual([1, 2, 4, 5]);
    expect(await stream.list(id)).toMatchObject([{ sent_up_to: 5, behind: 0 }]);
  });
});
