import { describe, expect, it } from "vitest";
import type { AuditEventBody } from "../../../../plugin/api/audit-events.ts";
import { inFormat, readAll } from "../../../../ui/studio/audit/ExportMenu.tsx";

const event = (id: number, change: Partial<AuditEventBody> = {}): AuditEventBody => ({
  id,
  at: "2026-11-20T10:00:00.000Z",
  actor_kind: "service_key",
  actor: "ci",
  actor_id: "ci",
  actor_role: null,
  on_behalf_of: null,
  action: "vault.code_read",
  subject_kind: "vault_entry",
  subject: "e1",
  subject_name: null,
  result: "ok",
  reason: null,
  counter: -1,
  workflow_id: null,
  run_id: null,
  node_id: null,
  ip: null,
  ...change,
});

describe("an export", () => {
  it("as JSON has one event a line, each as the server told it", () => {
    const lines = inFormat([event(2), event(1)], "jsonl").split("\n");
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] ?? "")).toEqual(event(2));
    expect(lines[2]).toBe("");
  });

  it("as CSV names its columns, quotes what has to be quoted, and leaves numbers as they are", () => {
    const [head, row] = inFormat([event(1, { actor: 'a "quoted", name' })], "csv").split("\r\n");
    expect(head).toMatch(/^id,at,actor_kind,actor,actor_id,actor_role,/);
    expect(row).toContain(',"a ""quoted"", name",');
    expect(row).toContain(",-1,");
  });

  it("as CSV holds nothing that a spreadsheet would run", () => {
    for (const actor of ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx"])
      expect(inFormat([event(1, { actor })], "csv")).toContain(`'${actor}`);
  });

  it("is everything there is, page after page, and says when it had to stop", async () => {
    const page = (count: number) => async (before: number | undefined, limit: number) =>
      Array.from({ length: Math.min(limit, (before ?? count + 1) - 1) }, (_, at) =>
        event((before ?? count + 1) - 1 - at),
      );
    const { events, more } = await readAll(page(1_200));
    expect([events.length, events[0]?.id, events.at(-1)?.id, more]).toEqual([1_200, 1_200, 1, false]);
    expect((await readAll(page(60_000))).more).toBe(true);
    expect((await readAll(page(0))).events).toEqual([]);
  });
});
