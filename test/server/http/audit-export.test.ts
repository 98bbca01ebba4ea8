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

it("is everything that the filter finds, more than one page, each event as the list has it", async () => {
  await addEvents(
    Array.from({ length: 510 }, (_, at) => `agent ${at}`),
    "export.tested",
  );
  const lines = (await file("action=export.tested")).text.trimEnd().split("\n");
  expect(lines).toHaveLength(510);
  const { audit_events } = (await server.api("GET", "/audit-events?action=export.tested&limit=1")).body;
  expect(JSON.parse(lines[0] ?? "")).toEqual(audit_events[0]);
  expect(new Set(lines).size).toBe(510);
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
