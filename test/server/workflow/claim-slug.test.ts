import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { claimSlug } from "../../../server/workflow/workflow-slug.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let workspaceId = "";
const claim = (name: string): Promise<string> =>
  server.database.kysely.transaction().execute((trx) => claimSlug(trx, workspaceId, name));
beforeAll(async () => {
  server = await startTestServer();
  const { rows } = await sql<{ id: string }>`select id from workspace`.execute(server.database.kysely);
  workspaceId = rows[0]?.id ?? "";
});
afterAll(() => server.stop());

it("reads a few slugs and not all, however many workflows have one name", async () => {
  const db = server.database.kysely;
  await sql`insert into taken_slug select ${workspaceId}::uuid, 'flood' || case i when 1 then '' else '-' || i end
    from generate_series(1, 20000) i`.execute(db);
  let read = 0;
  const counted = db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      read += result.rows.length;
      return result;
    },
  });
  expect(await counted.transaction().execute((trx) => claimSlug(trx, workspaceId, "Flood"))).toBe(
    "flood-20001",
  );
  expect(read).toBeLessThan(400);
});

it("gives a name that ends in a number and is as long as can be a slug each time", async () => {
  const name = `${"x".repeat(58)}-2`;
  const slugs = [await claim(name), await claim(name), await claim(name)];
  expect(slugs[0]).toBe(name);
  expect(new Set(slugs).size).toBe(3);
});

it("gives workflows that are made at the same moment one slug each", async () => {
  const slugs = await Promise.all(Array.from({ length: 8 }, () => claim("Same moment")));
  expect(new Set(slugs).size).toBe(8);
});
