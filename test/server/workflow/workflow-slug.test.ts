import fc from "fast-check";
import { expect, it } from "vitest";
import { findFreeNumber, numbered, slugOfName } from "../../../server/workflow/workflow-slug.ts";

it("makes a slug of lower-case letters, digits and dashes, and never of an underscore", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
      expect(slugOfName(name)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slugOfName(name).length).toBeLessThanOrEqual(60);
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  ["My Workflow", "my-workflow"],
  ["a_b", "a-b"],
  ["__", "workflow"],
  ["日本", "workflow"],
  ["İstanbul — café", "istanbul-cafe"],
  [" -x- ", "x"],
])("turns %j into %j", (name, slug) => {
  expect(slugOfName(name)).toBe(slug);
});

it("numbers a slug that is taken, and keeps it within its length", () => {
  const long = "x".repeat(60);
  expect(numbered("a", 1)).toBe("a");
  expect(numbered("a", 3)).toBe("a-3");
  expect(numbered(long, 2)).toBe(`${"x".repeat(58)}-2`);
});

it("finds the first number that is free, with few questions also after a hundred thousand", async () => {
  for (const last of [0, 1, 2, 31, 32, 33, 64, 1_024, 1_025, 1_026, 33_000, 100_000]) {
    let asked = 0;
    const found = await findFreeNumber(async (numbers) => {
      asked++;
      return new Set(numbers.filter((number) => number <= last));
    });
    expect([last, found]).toEqual([last, last + 1]);
    expect(asked).toBeLessThanOrEqual(10);
  }
});

it("finds a free number whatever the gaps", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 3_000 })), async (numbers) => {
      const taken = new Set(numbers);
      const found = await findFreeNumber(async (asked) => new Set(asked.filter((one) => taken.has(one))));
      expect(taken.has(found)).toBe(false);
      expect(found === 1 || taken.has(found - 1)).toBe(true);
    }),
  );
});
