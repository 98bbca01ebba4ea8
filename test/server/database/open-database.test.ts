import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../../server/database/open-database.ts";
import { openTestDatabase } from "../../support/open-test-database.ts";

const errors: unknown[] = [];
const database = await openTestDatabase({ onError: (error) => errors.push(error) });
const { kysely } = database;
afterAll(() => database.close());

beforeAll(async () => {
  await sql`create table sample (id bigint generated always as identity primary key, big bigint, at timestamptz,
    words text[], shape jsonb, name text constraint sample_name unique)`.execute(kysely);
});

it("answers with the same types on both databases", async () => {
  const at = new Date("2026-11-20T12:34:56.789Z");
  const shape = { nested: [1, { two: null }] };
  await sql`insert into sample (big, at, words, shape) values (${2 ** 40}, ${at}, ${["a", "b,c"]}, ${JSON.stringify(shape)})`.execute(
    kysely,
  );
  const { rows } =
    await sql`select big, at, words, shape, (select count(*) from sample) as count, name from sample`.execute(
      kysely,
    );
  expect(rows).toEqual([{ big: 2 ** 40, at, words: ["a", "b,c"], shape, count: 1, name: null }]);
});

it("counts through Kysely as a number", async () => {
  const { count } = await kysely
    .selectFrom("audit_event")
    .select((q) => q.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  expect(count).toBe(0);
});

it("refuses a bigint that a number would round", async () => {
  await expect(sql`select 9007199254740993::bigint as big`.execute(kysely)).rejects.toThrow("too large");
  expect((await sql`select 1 as one`.execute(kysely)).rows).toEqual([{ one: 1 }]);
});

it("names the constraint that refused a row", async () => {
  const insert = () => sql`insert into sample (name) values ('taken')`.execute(kysely);
  await insert();
  await expect(insert()).rejects.toMatchObject({ code: "23505", constraint: "sample_name" });
});

it("says how many rows a statement changed", async () => {
  const { numAffectedRows } = await sql`update sample set big = 1`.execute(kysely);
  expect(numAffectedRows).toBe(2n);
});

it("rolls back a transaction that fails, and goes on", async () => {
  const attempt = kysely.transaction().execute(async (trx) => {
    await sql`insert into sample (name) values ('undone')`.execute(trx);
    await sql`select 1 / 0`.execute(trx);
  });
  await expect(attempt).rejects.toMatchObject({ code: "22012" });
  expect((await sql`select 1 from sample where name = 'undone'`.execute(kysely)).rows).toEqual([]);
});

it("hears what is said on its channel once the transaction commits, until told to stop", async () => {
  const heard: string[] = [];
  let tell = (): void => {};
  const stop = await database.listen("test_channel", (payload) => {
    heard.push(payload);
    tell();
  });
  const other = await database.listen("other_channel", () => heard.push("other"));
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  await kysely.transaction().execute(async (trx) => {
    await sql`select pg_notify('test_channel', 'first')`.execute(trx);
    await sql`select 1`.execute(trx);
    expect(heard).toEqual([]);
  });
  await told;
  await stop();
  await sql`select pg_notify('test_channel', 'unheard')`.execute(kysely);
  // A channel that is still open shows that the silence of the other is not just slowness.
  const ended = new Promise<void>(
    (resolve) =>
      void database
        .listen("end_channel", () => resolve())
        .then(() => sql`select pg_notify('end_channel', '')`.execute(kysely)),
  );
  await ended;
  await other();
  expect(heard).toEqual(["first"]);
});

it("hands a listener's failure to onError and keeps listening", async () => {
  let calls = 0;
  const twice = new Promise<void>((resolve, reject) => {
    const listening = database.listen("failing_channel", () => {
      calls += 1;
      if (calls === 2) return resolve();
      throw new Error("listener failed");
    });
    listening.then(async () => {
      await sql`select pg_notify('failing_channel', '1')`.execute(kysely);
      await sql`select pg_notify('failing_channel', '2')`.execute(kysely);
    }, reject);
  });
  await twice;
  expect(errors).toContainEqual(new Error("listener failed"));
});

it("refuses channel names the two databases would read differently", async () => {
  await expect(database.listen("Mixed-Case", () => {})).rejects.toThrow("Not a channel name");
});

it("says that no database is there as soon as its connection is refused", async () => {
  await expect(openDatabase({ databaseUrl: "postgres://nobody@127.0.0.1:1/none" })).rejects.toMatchObject({
    code: "DATABASE_UNAVAILABLE",
    // Not a time-out: it did not wait, and did not try again.
    cause: { code: "ECONNREFUSED" },
  });
});
