import fc from "fast-check";
import { expect, it } from "vitest";
import { timingSafeEqual } from "../../../server/secrets/timing-safe-equal.ts";

it("C11: says the same as === for any two texts, also of different lengths", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (left, right) => {
      expect(timingSafeEqual(left, right)).toBe(left === right);
      expect(timingSafeEqual(left, left)).toBe(true);
    }),
  );
  expect(timingSafeEqual("123456", "1234567")).toBe(false);
  expect(timingSafeEqual("123456", "12345６")).toBe(false);
});
