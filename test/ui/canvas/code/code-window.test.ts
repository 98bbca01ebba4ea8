import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dashOffset, isLow, untilNextSecond, windowAt } from "../../../../ui/canvas/code/code-window.ts";

const start = Date.parse("2026-11-20T10:00:00Z");

describe("a window", () => {
  it.each([
    [0, 30],
    [1, 30],
    [1_000, 29],
    [7_400, 23],
    [25_000, 5],
    [29_999, 1],
    [30_000, 30],
  ])("%i ms after it began has %i s left, as the server counts", (ms, seconds) => {
    expect(windowAt(start + ms, { period: 30, offsetMs: 0 }).secondsLeft).toBe(seconds);
  });

  it("follows the server's clock, whatever ours says", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: -1e8, max: 1e8 }),
        fc.constantFrom(15, 30, 60, 300),
        (now, offsetMs, period) => {
          const { counter, secondsLeft, endsAt } = windowAt(now, { period, offsetMs });
          expect(counter).toBe(Math.floor((now + offsetMs) / 1_000 / period));
          expect(endsAt + offsetMs).toBe((counter + 1) * period * 1_000);
          expect(secondsLeft).toBeGreaterThanOrEqual(1);
          expect(secondsLeft).toBeLessThanOrEqual(period);
        },
      ),
    );
  });

  it("is drawn as the share that is left, and is low in its last five seconds", () => {
    expect(dashOffset(30, 30)).toBe(0);
    expect(dashOffset(15, 30)).toBe(-0.5);
    expect(dashOffset(5, 60)).toBeCloseTo(-55 / 60);
    expect([6, 5, 1].map(isLow)).toEqual([false, true, true]);
  });
});

it("waits for the server's next second, and not again for one it was a moment early for", () => {
  expect(untilNextSecond(start + 250, 0)).toBe(750);
  expect(untilNextSecond(start, 0)).toBe(1_000);
  expect(untilNextSecond(start + 250, 500)).toBe(250);
  expect(untilNextSecond(start, -300)).toBe(300);
  expect(untilNextSecond(start + 999, 0)).toBe(1_001);
});
