import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditExportQuery } from "../../../plugin/api/audit-events.ts";
import { linkHash } from "../../../server/audit/chain/chain-row.ts";
import { chainLine } from "../../../server/audit/chain-line.ts";
import { createSealedLog } from "../../../server/audit/sealed-log.ts";
import { verifyExport } from "../../../server/audit/verify-export.ts";
import { openTestLog } from "../../support/open-test-log.ts";

let log: Awaited<ReturnType<typeof openTestLog>>;
beforeAll(async () => {
  log = await openTestLog();
});
afterAll(() => log.database.close());

/** A workspace with nine sealed rows, and two that are not sealed yet. */
async function newLog() {
  const id = await log.addWorkspace();
  const sealer = log.newSealer();
  for (let row = 1; row <= 9; row++) {
    await log.write(id, { reason: `row ${row}`, counter: row, result: row === 4 ? "refused" : "ok" });
    if (row % 3 === 0) await sealer.sealAll();
    log.clock.advance(60);
  }
  for (let row = 10; row <= 11; row++) await log.write(id, { reason: `row ${row}` });
  return id;
}

async function exported(id: string, query: Partial<AuditExportQuery> = {}): Promise<string[]> {
  const { db, clock, keyRing } = log;
  const sealedLog = createSealedLog({ db, clock, keyRing, findWitness: async () => undefined });
  let text = "";
  for await (const part of sealedLog.export(id, { format: "jsonl", ...query })) text += part;
  return text.trimEnd().split("\n");
}

const check = (lines: readonly string[]) =>
  verifyExport(
    (async function* () {
      yield* lines;
    })(),
  );
const reasonsOf = (lines: readonly string[]) => lines.slice(0, -1).map((line) => JSON.parse(line).reason);
const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `row ${from + index}`);

describe("G8: an export of the log", () => {
  it("holds every row with its place and hash, oldest first, and proves itself without the server", async () => {
    const lines = await exported(await newLog());
    expect(reasonsOf(lines)).toEqual(rows(1, 11));
    const read = lines.map((line) => JSON.parse(line));
    expect(read.map(({ sequence }) => sequence).slice(0, -1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0]);
    for (let at = 1; at < 9; at++) expect(read[at].previous).toBe(read[at - 1].hash);
    expect(await check(lines)).toMatchObject({
      rows: 11,
      fault: null,
      seal: { rows: 11, first_sequence: 1, last_sequence: 9, filtered: false },
    });
  });

  it("is of a range of places or times, and of what a filter finds", async () => {
    const id = await newLog();
    const start = Date.parse(JSON.parse((await exported(id))[0] ?? "").at);
    const minutes = (count: number) => new Date(start + count * 60_000).toISOString();
    expect(reasonsOf(await exported(id, { from: 3, to: 5 }))).toEqual(rows(3, 5));
    expect(reasonsOf(await exported(id, { from: 8 }))).toEqual(rows(8, 11));
    expect(reasonsOf(await exported(id, { to: 2 }))).toEqual(rows(1, 2));
    expect(reasonsOf(await exported(id, { from: minutes(3), to: minutes(6) }))).toEqual(rows(4, 7));
    const refused = await exported(id, { result: "refused" });
    expect(reasonsOf(refused)).toEqual(rows(4, 4));
    expect(reasonsOf(await exported(id, { from: 20, to: 30 }))).toEqual([]);
    for (const query of [{ from: 3, to: 5 }, { result: "refused" } as const, { from: minutes(3) }])
      expect((await check(await exported(id, query))).fault).toBeNull();
  });

  const edited = (line: string | undefined, change: object) =>
    JSON.stringify({ ...JSON.parse(line ?? ""), ...change });
  const attacks: Record<string, readonly [(lines: string[]) => string[], number | null, RegExp]> = {
    "a row is changed": [(lines) => lines.with(4, edited(lines[4], { reason: "x" })), 5, /was changed/],
    "a row that is not sealed yet is changed": [
      (lines) => lines.with(10, edited(lines[10], { reason: "x" })),
      11,
      /was changed/,
    ],
    "a field is added": [(lines) => lines.with(4, edited(lines[4], { note: "x" })), 5, /was changed/],
    "a field is written twice": [
      (lines) => lines.with(4, (lines[4] ?? "").replace("{", '{"action":"x",')),
      5,
      /was changed/,
    ],
    "a field of the seal is written twice": [
      (lines) => lines.with(-1, (lines.at(-1) ?? "").replace('{"export":{', '{"export":{"rows":7,')),
      12,
      /neither a row/,
    ],
    "a number becomes a text": [(lines) => lines.with(4, edited(lines[4], { id: "5" })), 5, /was changed/],
    "a hash is changed": [
      (lines) => lines.with(4, edited(lines[4], { hash: "0".repeat(64) })),
      5,
      /was changed/,
    ],
    "a row is removed": [(lines) => lines.toSpliced(4, 1), 5, /were removed/],
    "the first row is removed": [(lines) => lines.toSpliced(0, 1), null, /had 11 rows and has 10/],
    "the last row is removed": [(lines) => lines.toSpliced(10, 1), null, /had 11 rows and has 10/],
    "two rows are exchanged": [
      (lines) => lines.with(4, lines[5] ?? "").with(5, lines[4] ?? ""),
      6,
      /moved or added/,
    ],
    "a row is there twice": [(lines) => lines.toSpliced(4, 0, lines[4] ?? ""), 6, /moved or added/],
    "a line is no row": [(lines) => lines.toSpliced(4, 0, "{}"), 5, /neither a row/],
    "a line is behind the seal": [(lines) => [...lines, lines[0] ?? ""], 13, /behind the seal/],
    "the seal is missing": [(lines) => lines.slice(0, -1), null, /seal is missing/],
    "the seal says another range": [
      (lines) => {
        const seal = JSON.parse(lines.at(-1) ?? "");
        return lines.with(-1, JSON.stringify({ ...seal, export: { ...seal.export, last_sequence: 8 } }));
      },
      null,
      /seal was changed/,
    ],
  };

  it.each(Object.entries(attacks))("names the line where %s", async (_what, [attack, line, words]) => {
    const lines = await exported(await newLog());
    expect((await check(attack(lines))).fault).toMatchObject({ line, text: expect.stringMatching(words) });
  });

  it("names the line also where a row was changed together with its hash", async () => {
    const lines = await exported(await newLog());
    const { hash: _hash, sequence, previous, ...row } = JSON.parse(lines[4] ?? "");
    const forged = { ...row, reason: "x" };
    const hash = linkHash({ ...forged, counter: String(row.counter) }, sequence, previous);
    const changed = chainLine({
      row: { ...forged, counter: String(row.counter) },
      sequence,
      previous,
      hash,
    });
    expect((await check(lines.with(4, changed))).fault).toMatchObject({
      line: 6,
      text: expect.stringMatching(/does not follow/),
    });
    const filtered = await exported(await newLog(), { text: "row 5" });
    const own = JSON.parse(filtered[0] ?? "");
    const { hash: _own, sequence: _sequence, previous: _previous, ...rest } = own;
    const other = { ...rest, reason: "x", counter: String(own.counter) };
    const place = { sequence: own.sequence, previous: own.previous };
    const rehashed = chainLine({ row: other, ...place, hash: linkHash(other, own.sequence, own.previous) });
    expect((await check(filtered.with(0, rehashed))).fault?.text).toMatch(/with its hash/);
  });

  it("is told apart where another key signed it: the fingerprint is part of what is signed", async () => {
    const [one, two] = [await exported(await newLog()), await exported(await newLog())];
    const [seal, other] = [JSON.parse(one.at(-1) ?? ""), JSON.parse(two.at(-1) ?? "")];
    expect(seal.export.key_id).not.toBe(other.export.key_id);
    const forged = JSON.stringify({ ...seal, public_key: other.public_key });
    expect((await check(one.with(-1, forged))).fault?.text).toMatch(/seal was changed/);
  });
});
