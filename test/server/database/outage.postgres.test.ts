import { readdirSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { migrate } from "../../../server/database/migrate.ts";
import { openDatabase } from "../../../server/database/open-database.ts";
import { openPostgresDatabase } from "../../../server/database/postgres-database.ts";
import { startEmbeddedPostgres } from "../../support/embedded-postgres.ts";

// A server of its own: these tests take it away.
const server = await startEmbeddedPostgres();
afterAll(() => server.remove());

it("lets several processes migrate one new database at once", async () => {
  const opened = await Promise.all(
    Array.from({ length: 4 }, () => openDatabase({ databaseUrl: server.url })),
  );
  onTestFinished(async () => void (await Promise.all(opened.map((database) => database.close()))));
  await Promise.all(opened.map(({ kysely }) => migrate(kysely)));
  const done = await sql<{ count: number }>`select count(*) from kysely_migration`.execute(
    opened[0]?.kysely ?? raise(),
  );
  const written = readdirSync(new URL("../../../server/database/migrations", import.meta.url));
  expect(done.rows).toEqual([{ count: written.length }]);
});

it("survives an outage in the middle of a transaction, and listens again afterwards", async () => {
  const errors: unknown[] = [];
  const database = await openDatabase({ databaseUrl: server.url, onError: (error) => errors.push(error) });
  onTestFinished(() => database.close());
  let hear = (_payload: string): void => {};
  await database.listen("outage_channel", (payload) => hear(payload));
  const reconnected = new Promise<void>((resolve) => void database.onReconnect(resolve));

  const transaction = database.kysely.transaction().execute(async (trx) => {
    await sql`select 1`.execute(trx);
    await server.stop();
    await sql`select 2`.execute(trx);
  });
  await expect(transaction).rejects.toThrow();
  await expect(sql`select 3`.execute(database.kysely)).rejects.toThrow();
  expect(errors).not.toEqual([]);

  const during = database.listen("asked_during_the_outage", (payload) => hear(payload));
  await server.restart();
  await reconnected;
  await during;
  for (const channel of ["outage_channel", "asked_during_the_outage"]) {
    const heard = new Promise<string>((resolve) => {
      hear = resolve;
    });
    await sql`select pg_notify(${channel}, ${channel})`.execute(database.kysely);
    expect(await heard).toBe(channel);
  }
});

it("gives up on a server that accepts a query and then says nothing", async () => {
  const database = await openPostgresDatabase({ databaseUrl: server.url, silenceLimitMs: 300 });
  onTestFinished(() => database.close());
  await expect(sql`select pg_sleep(60)`.execute(database.kysely)).rejects.toMatchObject({
    code: "ETIMEDOUT",
  });
  expect((await sql`select 1 as one`.execute(database.kysely)).rows).toEqual([{ one: 1 }]);
});

it("ends its attempts to reconnect when it is closed", async () => {
  const database = await openDatabase({ databaseUrl: server.url });
  await database.listen("closing_channel", () => {});
  await server.stop();
  await database.close();
  await server.restart();
});

function raise(): never {
  throw new Error("No database was opened.");
}
