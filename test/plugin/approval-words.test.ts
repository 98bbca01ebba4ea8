import { expect, it } from "vitest";
import { waitsFor } from "../../plugin/approval-words.ts";

it("says whom a question waits for", () => {
  const one = { roles: ["operator" as const], needed: 1, byName: false };
  const named = { roles: [], needed: 1, byName: true };
  for (const [answerers, words] of [
    [{ ...one, names: ["Ada"] }, "Waits for an operator"],
    [{ ...one, names: ["Ada", "Ben"] }, "Waits for one of two operators"],
    [{ ...one, names: Array.from({ length: 12 }, () => "x") }, "Waits for one of 12 operators"],
    [{ ...one, names: [] }, "Waits for an operator, and there is none who may answer"],
    [{ ...one, needed: 2, names: ["Ada", "Ben"] }, "Waits for two operators"],
    [{ ...one, needed: 2, names: ["Ada", "Ben", "Cleo"] }, "Waits for two of three operators"],
    [{ ...one, needed: 2, names: ["Ada"] }, "Waits for two operators, and only one may answer"],
    [
      { ...one, roles: ["operator", "builder"] as const, names: ["Ada", "Ben"] },
      "Waits for one of two people",
    ],
    [{ ...named, names: ["Ada"] }, "Waits for Ada"],
    [{ ...named, names: ["Ada", "Ben"] }, "Waits for one of Ada, Ben"],
    [{ ...named, needed: 2, names: ["Ada", "Ben"] }, "Waits for Ada and Ben"],
    [{ ...named, names: [] }, "Waits for a person, and there is none who may answer"],
  ] as const)
    expect(waitsFor(answerers)).toBe(words);
});
