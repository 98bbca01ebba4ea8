import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AuditEventBody } from "../../../../plugin/api/audit-events.ts";
import { actionGroups, actionWords, actorWords } from "../../../../ui/studio/audit/audit-words.ts";

/** Every action the server writes down, as its sources name it. */
const written = new Set(
  globSync("server/**/*.ts").flatMap((path) =>
    [
      ...readFileSync(path, "utf8").matchAll(
        /action: (?:[^"\n,]*\? )?"([a-z_]+\.[a-z_]+)"(?: : "([a-z_]+\.[a-z_]+)")?/g,
      ),
    ].flatMap(([, one = "", other]) => (other === undefined ? [one] : [one, other])),
  ),
);

describe("the words of the audit log", () => {
  it("are there for every action the server writes down", () => {
    expect(written.size).toBeGreaterThan(20);
    expect([...written].filter((action) => !(action in actionWords))).toEqual([]);
  });

  it("belong to groups that have something in them", () => {
    for (const [beginning] of actionGroups)
      expect(
        Object.keys(actionWords).some((action) => action.startsWith(beginning)),
        beginning,
      ).toBe(true);
  });

  it("name a person with the roles of that time, and a program with its kind", () => {
    const words = (event: Pick<AuditEventBody, "actor" | "actor_kind" | "actor_role">) =>
      actorWords(event as AuditEventBody);
    expect(words({ actor: "Ada", actor_kind: "person", actor_role: "builder, auditor" })).toBe(
      "Ada (builder, auditor)",
    );
    expect(words({ actor: "totem_admin", actor_kind: "service_key", actor_role: null })).toBe(
      "totem_admin (key)",
    );
  });
});
