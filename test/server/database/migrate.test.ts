import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { migrate } from "../../../server/database/migrate.ts";
import { openTestDatabase } from "../../support/open-test-database.ts";

const database = await openTestDatabase();
afterAll(() => database.close());

it("changes nothing the second time", async () => {
  await migrate(database.kysely);
  const done = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    database.kysely,
  );
  const files = readdirSync(join(import.meta.dirname, "../../../server/database/migrations"));
  expect(done.rows.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
});

it("says so when the database was made by a newer version", async () => {
  await sql`insert into kysely_migration values ('9999-later', '2030-01-01')`.execute(database.kysely);
  await expect(migrate(database.kysely)).rejects.toThrow(/could not be brought up to date.*9999-later/);
});
