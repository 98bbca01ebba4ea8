import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../../../plugin/catalogue.ts";
import { errorCodes } from "../../../../plugin/error-codes.ts";
import { fixes, fixOf } from "../../../../ui/studio/fix/fixes.ts";

/** Codes of what people do to the administration, never of a run. */
const notOfRuns = ["GRANT_NOT_FOUND", "KEY_NOT_FOUND", "RUN_NOT_FOUND", "RUN_FINISHED"];

describe("the fixes for failed hops", () => {
  it("explain every code that a contract names", () => {
    const codes = Object.values(catalogue).flatMap(({ errors }) => [...errors]);
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !fixOf(code))).toEqual([]);
  });

  it("explain every code that the rooms a run goes through can throw", () => {
    const files = globSync("{server/workflow,server/nodes,server/agent-users,server/model}/**/*.ts");
    const thrown = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/new PluginError\(\s*"([A-Z_]+)"/g)].map(([, code]) => code),
    );
    expect(thrown.length).toBeGreaterThan(30);
    const unexplained = thrown.filter((code) => !fixOf(code ?? "") && !notOfRuns.includes(code ?? ""));
    expect([...new Set(unexplained)]).toEqual([]);
  });

  it("say in one or two plain sentences what happened, and on the button what it does", () => {
    for (const [code, entry] of Object.entries(fixes)) {
      expect(Object.keys(errorCodes)).toContain(code);
      expect(entry.sentence, code).toMatch(/^[A-Z].*\.$/);
      expect(entry.sentence, code).not.toContain("!");
      expect("label" in entry, code).toBe("fix" in entry);
    }
  });
});
