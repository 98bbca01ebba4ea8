import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { migrate } from "../../../server/database/migrate.ts";
import { openTestDatabase } from "../../support/open-test-database.ts";

const database = await openTestDatabase();
afterAll(() => database.close());

it("changes nothing the second time", async () => {
  await migrate(database.kysely);
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(database.kysely);
  expect(done.rows.map(({ name }) => name)).toEqual([
    "0001-initial",
    "0002-last-use-of-codes",
    "0003-vault",
    "0004-mcp-tokens",
    "0005-locks-of-the-second-step",
    "0006-inbox",
    "0007-inbox-sources",
    "0008-second-opinion",
    "0009-hosts",
  ]);
});

it("says so when the database was made by a newer version", async () => {
  await sql`insert into kysely_migration values ('9999-later', '2030-01-01')`.execute(database.kysely);
  await expect(migrate(database.kysely)).rejects.toThrow(/could not be brought up to date.*9999-later/);
});
