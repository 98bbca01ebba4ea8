import { describe, expect, it } from "vitest";
import { readGroupLines, writeGroupLines } from "../../../../ui/studio/settings/sign-in/group-lines.ts";

describe("roles of groups, as lines", () => {
  it("are read as they are written", () => {
    const roles = { engineering: ["builder"], "urn:team:7": ["operator", "auditor"] } as const;
    expect(readGroupLines(writeGroupLines(roles))).toEqual({ roles });
  });

  it("allow empty lines and large letters, and nothing else", () => {
    expect(readGroupLines("\n ops :  Operator ,auditor\n\n")).toEqual({
      roles: { ops: ["operator", "auditor"] },
    });
    expect(readGroupLines("")).toEqual({ roles: {} });
    for (const wrong of ["engineering", ": builder", "engineering:", "engineering: king"])
      expect(readGroupLines(`ops: operator\n${wrong}`)).toEqual({
        problem: "Line 2: write a group, a colon and roles, such as engineering: builder.",
      });
  });
});
