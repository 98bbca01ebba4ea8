import { generateKeyPairSync } from "node:crypto";
import canonicalize from "canonicalize";
import { type RawBuilder, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ChainRow,
  canonicalLink,
  chainColumns,
  linkHash,
} from "../../../server/audit/chain/chain-row.ts";
import { type SignedSeal, signSeal } from "../../../server/audit/chain/seal-row.ts";
import { addSigningKey } from "../../../server/audit/chain/signing-keys.ts";
import { readChain } from "../../../server/audit/read-chain.ts";
import { openTestLog } from "../../support/open-test-log.ts";

let log: Awaited<ReturnType<typeof openTestLog>>;
/** A workspace with nine rows in three seals, and its rows' ids. */
let id: string;
let ids: number[];
let seals: SignedSeal[];
/** Another with three. */
let other: { id: string; ids: number[] };

beforeAll(async () => {
  log = await openTestLog();
  ({ id, ids } = await sealedWorkspace(9));
  seals = [...log.seals];
  other = await sealedWorkspace(3);
});
afterAll(() => log.database.close());

async function sealedWorkspace(rows: number): Promise<{ id: string; ids: number[] }> {
  const workspaceId = await log.addWorkspace();
  const sealer = log.newSealer();
  for (let row = 1; row <= rows; row++) {
    await log.write(workspaceId, {
      actor: { kind: "person", id: "p", name: "Ada", role: "owner", ip: "10.0.0.1", onBehalfOf: "agent" },
      subject: { kind: "agent_user", id: `agent ${row}` },
      reason: "because",
      counter: 58_000_000 + row,
      workflowId: "flow",
      runId: "7f2d3a52-9d1c-4c57-9e1c-0123456789ab",
      nodeId: "node",
    });
    if (row % 3 === 0) await sealer.sealAll();
  }
  return { id: workspaceId, ids: await idsOf(workspaceId) };
}

const idsOf = async (workspaceId: string): Promise<number[]> =>
  (
    await log.db
      .selectFrom("audit_event")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .orderBy("id")
      .execute()
  ).map((event) => event.id);

const faultAfter = async (...statements: RawBuilder<unknown>[]) =>
  (await log.verifyAfter(id, statements)).fault;

const middleSeal = sql`workspace_id = ${sql.raw("current_setting('test.workspace')::uuid")} and first_sequence = 4`;
const changeSeal = (set: RawBuilder<unknown>) =>
  faultAfter(
    sql`select set_config('test.workspace', ${id}, true)`,
    sql`update audit_seal set ${set} where ${middleSeal}`,
  );

describe("a log that cannot be edited", () => {
  it("G8: is whole as it was written, and says how far it is sealed", async () => {
    const late = await log.addWorkspace();
    const sealer = log.newSealer();
    await log.write(late);
    await sealer.sealAll();
    await log.write(late);
    expect(await log.verify(late)).toMatchObject({
      rows: 1,
      seals: 1,
      fault: null,
      unsealed: { rows: 1, oldest_at: "2026-01-01T00:00:00.000Z" },
    });
    expect(await log.verify(id)).toMatchObject({ rows: 9, seals: 3, fault: null, unsealed: { rows: 0 } });
  });

  it("G8: is not whole where rows wait for a seal for longer than a minute", async () => {
    const workspaceId = await log.addWorkspace();
    await log.write(workspaceId);
    await log.newSealer().sealAll();
    await log.write(workspaceId);
    log.clock.advance(60);
    expect((await log.verify(workspaceId)).fault).toBeNull();
    log.clock.advance(1);
    expect((await log.verify(workspaceId)).fault).toMatchObject({
      kind: "unsealed",
      text: expect.stringContaining("1 row waits for a seal"),
    });
    await log.newSealer().sealAll();
  });

  it("G8: covers every column of the log, in canonical JSON", async () => {
    const columns = await sql<{ name: string }>`select column_name as name from information_schema.columns
      where table_schema = current_schema() and table_name = 'audit_event'`.execute(log.db);
    const { rows } = await sql<ChainRow>`select ${chainColumns} from audit_event e
      where e.workspace_id = ${id}`.execute(log.db);
    const row = {
      ...(rows[0] as ChainRow),
      reason: 'é "quoted" \u2028 \u0007 \\ 𝕏',
      counter: "9007199254740993",
    };
    const link = JSON.parse(canonicalLink(row, 7, "ab"));
    expect(Object.keys(link).sort()).toEqual(
      [...columns.rows.map(({ name }) => name), "previous", "sequence"].sort(),
    );
    expect(canonicalLink(row, 7, "ab")).toBe(canonicalize(link));
    expect(link.counter).toBe("9007199254740993");
  });

  const changes = {
    at: "at + interval '1 microsecond'",
    workspace_id: "gen_random_uuid()",
    actor_kind: "'system'",
    actor_id: "actor_id || ' '",
    actor_name: "'Bob'",
    actor_role: "null",
    on_behalf_of: "''",
    action: "upper(action)",
    subject_kind: "null",
    subject_id: "'agent'",
    result: "'refused'",
    reason: "null",
    counter: "counter # 1",
    workflow_id: "null",
    run_id: "null",
    node_id: "'Node'",
    ip: "'10.0.0.2'",
  };
  it.each(Object.entries(changes))("G8: names the row whose %s was changed", async (column, value) => {
    const change = sql`update audit_event set ${sql.ref(column)} = ${sql.raw(value)} where id = ${ids[4]}`;
    expect(await faultAfter(change)).toMatchObject({ kind: "changed", event_id: ids[4], sequence: 5 });
  });

  it("G8: names the first row that was removed, also when it is the last of its seal", async () => {
    for (const place of [0, 4, 5])
      expect(
        await faultAfter(sql`delete from audit_event where id = any(${ids.slice(place)})`),
      ).toMatchObject({
        kind: "removed",
        event_id: ids[place],
        sequence: place + 1,
      });
  });

  it("G8: names a row that was moved", async () => {
    const fault = await faultAfter(
      sql`update audit_event e set (subject_id, action, counter) = (
        select o.subject_id, o.action, o.counter from audit_event o
        where o.id = case e.id when ${ids[3]}::bigint then ${ids[5]}::bigint else ${ids[3]}::bigint end)
        where e.id in (${ids[3]}, ${ids[5]})`,
    );
    expect(fault).toMatchObject({ kind: "moved", event_id: ids[3], sequence: 4 });
    expect(fault?.text).toContain(`its content is in row ${ids[5]} now`);
  });

  it("G8: names a row that was added between sealed ones, or moved there from another workspace", async () => {
    for (const added of [other.ids[0], -7]) {
      const statements = [
        sql`delete from audit_event where id = ${added}`,
        sql`insert into audit_event (id, workspace_id, at, actor_kind, actor_id, action, result)
          overriding system value values (${added}, ${id}, now(), 'person', 'p', 'code.read', 'ok')`,
      ];
      expect(await faultAfter(...statements)).toMatchObject({ kind: "added", event_id: added });
    }
    const moved = sql`update audit_event set workspace_id = ${id} where id = ${other.ids[1]}`;
    expect((await log.verifyAfter(other.id, [moved])).fault).toMatchObject({ kind: "changed", sequence: 2 });
  });

  it("G8: names a row with an id that the database never gives, also one that no number holds", async () => {
    for (const added of [
      "-9007199254740991",
      "-9223372036854775808",
      "9007199254740991",
      "9223372036854775807",
    ])
      expect(
        (
          await faultAfter(sql`insert into audit_event (id, workspace_id, at, actor_kind, actor_id, action, result)
          overriding system value values (${added}::text::bigint, ${id}, now(), 'person', 'p', 'code.read', 'ok')`)
        )?.text,
      ).toContain(`Row ${added} was added`);
  });

  it("G8: gives a row its id itself, whatever an insert says", async () => {
    const workspaceId = await log.addWorkspace();
    await log.write(workspaceId);
    await sql`insert into audit_event (id, workspace_id, at, actor_kind, actor_id, action, result)
      overriding system value values (9007199254740991, ${workspaceId}, now(), 'person', 'p', 'code.read', 'ok')`.execute(
      log.db,
    );
    const [first = 0, second] = await idsOf(workspaceId);
    expect(second).toBe(first + 1);
    await log.newSealer().sealAll();
    expect(await log.verify(workspaceId)).toMatchObject({ rows: 2, fault: null, unsealed: { rows: 0 } });
  });

  it("G8: names a link that was changed, in the middle and at the end of a seal", async () => {
    for (const [place, byte] of [
      [3, 31],
      [4, 32],
      [5, 95],
    ] as const)
      expect(
        await changeSeal(sql`hashes = set_byte(hashes, ${byte}, get_byte(hashes, ${byte}) # 1)`),
      ).toMatchObject({
        kind: "link",
        event_id: ids[place],
        sequence: place + 1,
      });
  });

  const sealChanges = {
    first_sequence: "first_sequence + 1",
    last_sequence: "last_sequence + 1",
    event_ids: "array[event_ids[2], event_ids[1], event_ids[3]]",
    hashes: "hashes || '\\x00'::bytea",
    last_event_id: "last_event_id # 1",
    settled_id: "settled_id # (1::bigint << 60)",
    found_unsealed: "found_unsealed # 1",
    sealed_at: "sealed_at + interval '1 microsecond'",
    key_id: "upper(key_id)",
    signature: "translate(signature, 'ABab', 'BAba')",
  };
  it.each(Object.entries(sealChanges))("G8: names the seal whose %s was changed", async (column, value) => {
    const fault = await changeSeal(sql`${sql.ref(column)} = ${sql.raw(value)}`);
    expect(fault?.sequence).toBeGreaterThanOrEqual(4);
    expect(fault?.sequence).toBeLessThanOrEqual(6);
    expect([null, ...ids.slice(3, 6)]).toContain(fault?.event_id);
  });

  it("G8: names a seal that was removed", async () => {
    const gone = sql`delete from audit_seal where workspace_id = ${id} and first_sequence = 4`;
    expect(await faultAfter(gone)).toMatchObject({ kind: "removed", sequence: 4 });
  });

  it("G8: an end that is removed with its seals is missed by a stored seal", async () => {
    const statements = [
      sql`delete from audit_seal where workspace_id = ${id} and first_sequence = 7`,
      sql`delete from audit_event where id = any(${ids.slice(6)})`,
    ];
    expect(await faultAfter(...statements)).toBeNull();
    const { fault } = await log.verifyAfter(id, statements, seals.slice(-1));
    expect(fault).toMatchObject({ kind: "removed", sequence: 7 });
  });

  it("G8: a chain that is written anew with another key is no chain of this installation", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const [first] = seals;
    if (!first) throw new Error("There is no seal.");
    const statement = { ...first.statement, key_id: "another" };
    const key = sql`insert into audit_key select workspace_id, 'another', ${publicKey.export({ type: "spki", format: "pem" }).toString()},
      sealed_private_key, created_at from audit_key where workspace_id = ${id}`;
    const seal = sql`update audit_seal set key_id = 'another', signature = ${signSeal(statement, privateKey)}
      where workspace_id = ${id} and first_sequence = 1`;
    expect(await faultAfter(key, seal)).toMatchObject({ kind: "key", sequence: 1 });
    await expect(
      log.verify(id, [{ statement, signature: signSeal(statement, privateKey) }]),
    ).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  it("G8: goes on with a new key, and the seals of the old one stay valid", async () => {
    const workspaceId = await log.addWorkspace();
    await log.write(workspaceId);
    await log.newSealer().sealAll();
    log.clock.advance(1);
    const { id: newKey } = await addSigningKey(log, workspaceId);
    await log.write(workspaceId);
    await log.newSealer().sealAll();
    const report = await log.verify(workspaceId);
    expect(report).toMatchObject({ rows: 2, fault: null });
    expect(report.key_ids).toHaveLength(2);
    expect(report.key_ids.at(-1)).toBe(newKey);
  });

  it("G8: tells for ever of rows that a crash left without a seal, and for how long", async () => {
    const workspaceId = await log.addWorkspace();
    await log.write(workspaceId);
    await log.newSealer().sealAll();
    const from = log.clock.now().toISOString().replace("Z", "000Z");
    for (let row = 0; row < 2; row++) await log.write(workspaceId);
    log.clock.advance(3_600); // The process is killed here. The next one starts an hour later.
    const next = log.newSealer();
    await next.sealAll();
    const to = log.clock.now().toISOString().replace("Z", "000Z");
    await log.write(workspaceId);
    await next.sealAll();
    const report = await log.verify(workspaceId);
    expect(report.gaps.slice(1)).toEqual([{ first_sequence: 2, rows: 2, from, to }]);
    // To hide it changes what was signed.
    const hidden = sql`update audit_seal set found_unsealed = 0 where workspace_id = ${workspaceId}`;
    expect((await log.verifyAfter(workspaceId, [hidden])).fault).toMatchObject({ kind: "seal" });
  });

  it("G8: leaves the sealing to the process that seals, and takes over when that one is gone", async () => {
    const workspaceId = await log.addWorkspace();
    const [first, second] = [log.newSealer(), log.newSealer()];
    await first.sealAll();
    await second.sealAll();
    await log.write(workspaceId);
    await Promise.all([first.sealAll(), second.sealAll()]);
    await log.write(workspaceId);
    await second.sealAll();
    await first.sealAll();
    expect(await log.verify(workspaceId)).toMatchObject({ rows: 2, fault: null, unsealed: { rows: 0 } });
  });

  it("G8: refuses to change, remove or empty the log, its keys and its seals", async () => {
    for (const table of ["audit_event", "audit_key", "audit_seal"])
      for (const statement of [
        `update ${table} set workspace_id = workspace_id`,
        `delete from ${table}`,
        `truncate ${table}`,
      ])
        await expect(sql.raw(statement).execute(log.db), statement).rejects.toThrow(
          `Rows of ${table} are only added, never changed or removed.`,
        );
  });

  it("reads sealed rows by their sequence, each with its hash", async () => {
    const { events } = await readChain(log.db, { workspaceId: id, from: 3, limit: 6 });
    expect(events.map(({ sequence, row }) => [sequence, row.id])).toEqual(
      [3, 4, 5, 6, 7, 8].map((sequence) => [sequence, ids[sequence - 1]]),
    );
    for (const { row, sequence, previous, hash } of events)
      expect(linkHash(row, sequence, previous)).toBe(hash);
    expect(events[1]?.previous).toBe(events[0]?.hash);
  });
});
