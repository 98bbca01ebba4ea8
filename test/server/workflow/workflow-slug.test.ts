import fc from "fast-check";
import { expect, it } from "vitest";
import { freeSlug, slugOfName } from "../../../server/workflow/workflow-slug.ts";

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
  expect(freeSlug("a", new Set())).toBe("a");
  expect(freeSlug("a", new Set(["a", "a-2"]))).toBe("a-3");
  expect(freeSlug(long, new Set([long]))).toBe(`${"x".repeat(58)}-2`);
});
