import { sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { openPgliteDatabase } from "../../../server/database/pglite-database.ts";
import { migratedDump } from "../../support/migrated-dump.ts";

it("keeps a job statement that fails half-way from harming anyone else's", async () => {
  const { kysely, bossOptions, close } = await openPgliteDatabase({ dump: await migratedDump() });
  onTestFinished(close);
  const failing = bossOptions.db.executeSql("begin; select 1 / 0; commit");
  const others = Promise.all([1, 2, 3].map((n) => sql`select ${n}::int as n`.execute(kysely)));
  await expect(failing).rejects.toThrow("division by zero");
  expect((await others).map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
});
