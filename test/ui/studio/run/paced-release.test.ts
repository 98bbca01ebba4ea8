import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPacedRelease } from "../../../../ui/studio/run/follow-run.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(holdMs = 70, longestWaitMs = 1_600) {
  const released: number[][] = [];
  const paced = createPacedRelease<number>({
    holdMs: () => holdMs,
    longestWaitMs,
    release: (items) => void released.push([...items]),
  });
  return { paced, released };
}

describe("paced release", () => {
  it("lets a lone item through at once and a burst one by one", () => {
    const { paced, released } = setUp();
    for (const item of [1, 2, 3]) paced.take(item);
    expect(released).toEqual([[1]]);
    vi.advanceTimersByTime(140);
    expect(released).toEqual([[1], [2], [3]]);
    vi.advanceTimersByTime(1_000);
    paced.take(4);
    expect(released.at(-1)).toEqual([4]);
  });

  it("does not fall behind in a storm of 500 items a second, and renders far less often", () => {
    const { paced, released } = setUp();
    for (let item = 0; item < 2_500; item++) {
      paced.take(item);
      vi.advanceTimersByTime(2);
    }
    vi.advanceTimersByTime(1_800);
    expect(released.flat()).toEqual(Array.from({ length: 2_500 }, (_, item) => item));
    expect(released.length).toBeLessThan(150);
  });

  it("does not wait for those who want no motion, but for a frame", () => {
    const { paced, released } = setUp(0, 0);
    for (const item of [1, 2, 3]) paced.take(item);
    vi.advanceTimersByTime(16);
    expect(released).toEqual([[1], [2, 3]]);
  });

  it("says nothing more once stopped", () => {
    const { paced, released } = setUp();
    paced.take(1);
    paced.take(2);
    paced.stop();
    vi.advanceTimersByTime(1_000);
    expect(released).toEqual([[1]]);
  });
});
