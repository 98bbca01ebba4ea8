import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const file = async (query: string) => {
  const answer = await server.api("GET", `/audit-events/export?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer;
};

/** One event of each actor, in this order. */
async function addEvents(actors: readonly string[], action: string): Promise<void> {
  const db = server.database.kysely;
  const { id } = await db.selectFrom("workspace").select("id").executeTakeFirstOrThrow();
  const common = { workspace_id: id, action, actor_kind: "person", result: "ok", counter: -1 } as const;
  const rows = actors.map((actor, at) => ({ ...common, at: new Date(at), actor_id: actor }));
  await db.insertInto("audit_event").values(rows).execute();
}

it("is everything that the filter finds, oldest first and more than one page, with its seal", async () => {
  await addEvents(
    Array.from({ length: 510 }, (_, at) => `agent ${at}`),
    "export.tested",
  );
  const lines = (await file("action=export.tested")).text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.slice(0, -1).map(({ actor_id }) => actor_id)).toEqual(
    Array.from({ length: 510 }, (_, at) => `agent ${at}`),
  );
  const { key_id } = (await server.api("GET", "/audit-events/seal")).body;
  expect(lines.at(-1)).toMatchObject({ export: { rows: 510, filtered: true } });
  if (key_id !== null) expect(lines.at(-1).export.key_id).toBe(key_id);
});

it("is of a range of times, as lines and as CSV; places of the chain are for lines alone", async () => {
  await addEvents(["0", "1", "2", "3"], "range.tested");
  const range = `action=range.tested&from=${new Date(1).toISOString()}&to=${new Date(2).toISOString()}`;
  const lines = (await file(range)).text.trimEnd().split("\n");
  expect(lines.slice(0, -1).map((line) => JSON.parse(line).actor_id)).toEqual(["1", "2"]);
  const rows = (await file(`${range}&format=csv`)).text.trimEnd().split("\r\n");
  expect(rows).toHaveLength(3);
  const refused = await server.api("GET", "/audit-events/export?format=csv&from=1");
  expect(refused.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "from" }] });
  for (const wrong of ["from=x", "to=-1", "from=2026-13-01T00:00:00Z"])
    expect((await server.api("GET", `/audit-events/export?${wrong}`)).status).toBe(400);
});

it("as CSV names its columns, quotes what has to be quoted, and holds nothing that a spreadsheet would run", async () => {
  const actors = ['a "quoted", name', "=HYPERLINK(1)", "+1", "-1", "@x", "\tx"];
  await addEvents(actors, "csv.tested");
  const { text, headers } = await file("action=csv.tested&format=csv");
  expect(headers.get("content-type")).toMatch(/^text\/csv/);
  expect(headers.get("content-disposition")).toBe('attachment; filename="totem-audit.csv"');
  const [head, ...rows] = text.trimEnd().split("\r\n");
  expect(head).toMatch(/^id,at,actor_kind,actor,actor_id,actor_role,/);
  expect(rows.at(-1)).toContain(',"a ""quoted"", name",');
  for (const dangerous of actors.slice(1)) expect(text).toContain(`,'${dangerous},`);
  expect(rows[0]).toContain(",-1,");
});

it("leaves a row in the log, and is of this workspace alone", async () => {
  const other = server.as((await server.api("POST", "/workspaces", { name: "elsewhere" })).body.key);
  const { text } = await other("GET", "/audit-events/export");
  expect(text).not.toContain("agent 1");
  const [newest] = (await other("GET", "/audit-events?limit=1")).body.audit_events;
  expect(newest).toMatchObject({ action: "audit.exported", reason: "jsonl", result: "ok" });
});
