import { createPublicKey } from "node:crypto";
import canonicalize from "canonicalize";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ChainRow,
  canonicalLink,
  chainColumns,
  linkHash,
} from "../../../server/audit/chain/chain-row.ts";
import { readChainState, readSealedRows, type SealedRow } from "../../../server/audit/chain/read-sealed.ts";
import { openTestLog } from "../../support/open-test-log.ts";

let log: Awaited<ReturnType<typeof openTestLog>>;
beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.database.close());

/** A workspace with so many rows in seals of three. */
async function sealedWorkspace(rows = 9): Promise<{ id: string; ids: number[] }> {
  const id = await log.addWorkspace();
  const sealer = log.newSealer();
  for (let row = 1; row <= rows; row++) {
    await log.write(id, {
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
  const events = await log.db
    .selectFrom("audit_event")
    .select("id")
    .where("workspace_id", "=", id)
    .orderBy("id")
    .execute();
  return { id, ids: events.map((event) => event.id) };
}

describe("a log that cannot be edited", () => {
  it("G8: is whole as it was written, and says how far it is sealed", async () => {
    const { id } = await sealedWorkspace();
    await log.write(id);
    expect(await log.verify(id)).toMatchObject({
      rows: 9,
      seals: 3,
      fault: null,
      unsealed: { rows: 1, oldest_at: "2026-01-01T00:00:00.000Z" },
    });
  });

  it("G8: covers every column of the log, in canonical JSON", async () => {
    const { id } = await sealedWorkspace(3);
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
    const { id, ids } = await sealedWorkspace(6);
    await log.tamper(sql`update audit_event set ${sql.ref(column)} = ${sql.raw(value)} where id = ${ids[4]}`);
    expect((await log.verify(id)).fault).toMatchObject({ kind: "changed", event_id: ids[4], sequence: 5 });
  });

  it("G8: names the first row that was removed, also when it is the last of its seal", async () => {
    for (const place of [0, 4, 5]) {
      const { id, ids } = await sealedWorkspace(6);
      await log.tamper(sql`delete from audit_event where id = ${ids[place]}`);
      expect((await log.verify(id)).fault).toMatchObject({
        kind: "removed",
        event_id: ids[place],
        sequence: place + 1,
      });
    }
  });

  it("G8: names a row that was moved", async () => {
    const { id, ids } = await sealedWorkspace(6);
    await log.tamper(
      sql`update audit_event e set (subject_id, action, counter) = (
        select o.subject_id, o.action, o.counter from audit_event o
        where o.id = case e.id when ${ids[3]}::bigint then ${ids[5]}::bigint else ${ids[3]}::bigint end)
        where e.id in (${ids[3]}, ${ids[5]})`,
    );
    const { fault } = await log.verify(id);
    expect(fault).toMatchObject({ kind: "moved", event_id: ids[3], sequence: 4 });
    expect(fault?.text).toContain(`its content is in row ${ids[5]} now`);
  });

  it("G8: names a row that was added between sealed ones", async () => {
    const { id, ids } = await sealedWorkspace(6);
    const other = await sealedWorkspace(3);
    await log.tamper(sql`delete from audit_event where id = ${other.ids[0]}`);
    await sql`insert into audit_event (id, workspace_id, at, actor_kind, actor_id, action, result)
      overriding system value values (${other.ids[0]}, ${id}, now(), 'person', 'p', 'code.read', 'ok')`.execute(
      log.db,
    );
    expect((await log.verify(id)).fault).toMatchObject({ kind: "added", event_id: other.ids[0] });
    expect((await log.verify(other.id)).fault).toMatchObject({ kind: "changed", event_id: other.ids[0] });
    expect(ids).not.toContain(other.ids[0]);
  });

  it("G8: names a link that was changed, in the middle and at the end of a seal", async () => {
    for (const [place, byte] of [
      [3, 31],
      [4, 32],
      [5, 95],
    ] as const) {
      const { id, ids } = await sealedWorkspace(6);
      await log.tamper(sql`update audit_seal set hashes = set_byte(hashes, ${byte}, get_byte(hashes, ${byte}) # 1)
        where workspace_id = ${id} and first_sequence = 4`);
      expect((await log.verify(id)).fault).toMatchObject({
        kind: "link",
        event_id: ids[place],
        sequence: place + 1,
      });
    }
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
    const { id, ids } = await sealedWorkspace(9);
    await log.tamper(sql`update audit_seal set ${sql.ref(column)} = ${sql.raw(value)}
      where workspace_id = ${id} and first_sequence = 4`);
    const { fault } = await log.verify(id);
    expect(fault?.kind).not.toBeUndefined();
    expect(fault?.sequence).toBeGreaterThanOrEqual(4);
    expect(fault?.sequence).toBeLessThanOrEqual(7);
    expect([null, ...ids.slice(3, 6)]).toContain(fault?.event_id);
  });

  it("G8: names a seal that was removed", async () => {
    const { id } = await sealedWorkspace(9);
    await log.tamper(sql`delete from audit_seal where workspace_id = ${id} and first_sequence = 4`);
    expect((await log.verify(id)).fault).toMatchObject({ kind: "removed", sequence: 4 });
  });

  it("G8: an end that is removed with its seals is missed by a stored seal", async () => {
    const { id, ids } = await sealedWorkspace(9);
    const stored = log.seals.at(-1);
    await log.tamper(
      sql`delete from audit_seal where workspace_id = ${id} and first_sequence = 7`,
      sql`delete from audit_event where id = any(${ids.slice(6)})`,
    );
    expect((await log.verify(id)).fault).toBeNull();
    expect((await log.verify(id, stored ? [stored] : [])).fault).toMatchObject({
      kind: "removed",
      sequence: 7,
    });
  });

  it("reads sealed rows by their sequence, each with its hash and its seal", async () => {
    const { id, ids } = await sealedWorkspace(9);
    const parts: SealedRow[] = [];
    for await (const part of readSealedRows(log.db, { workspaceId: id, from: 3, to: 8 })) parts.push(...part);
    expect(parts.map(({ sequence, row }) => [sequence, row.id])).toEqual(
      [3, 4, 5, 6, 7, 8].map((sequence) => [sequence, ids[sequence - 1]]),
    );
    for (const { row, sequence, previous, hash } of parts)
      expect(linkHash(row, sequence, previous)).toBe(hash);
    expect(parts[1]?.previous).toBe(parts[0]?.hash);
    expect(parts.at(-1)?.seal).toEqual(log.seals.at(-1));
    const state = await readChainState(log.db, id);
    expect(state).toMatchObject({ seal: log.seals.at(-1), unsealed: 0 });
    expect(createPublicKey(state.public_key ?? "").asymmetricKeyType).toBe("ed25519");
  });
});
