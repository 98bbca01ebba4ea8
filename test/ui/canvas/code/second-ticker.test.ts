import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dashOffset, untilNextSecond, windowAt } from "../../../../ui/canvas/code/code-window.ts";
import { createSecondTicker } from "../../../../ui/canvas/code/second-ticker.ts";

const start = Date.parse("2026-11-20T10:00:00.400Z");

function page() {
  const watchers = new Set<() => void>();
  let hidden = false;
  return {
    ticker: createSecondTicker(
      {
        now: () => Date.now(),
        setTimer: (run, ms) => setTimeout(run, ms),
        clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
        isHidden: () => hidden,
        onVisibility: (watcher) => {
          watchers.add(watcher);
          return () => watchers.delete(watcher);
        },
      },
      untilNextSecond,
    ),
    watchers,
    hide: (is: boolean) => {
      hidden = is;
      for (const watcher of watchers) watcher();
    },
  };
}

describe("the ticker of all rings", () => {
  beforeEach(() => void vi.useFakeTimers({ now: start }));
  afterEach(() => void vi.useRealTimers());

  it("draws what is left of the period, within a second, whenever one looks", () => {
    const { ticker } = page();
    const codeWindow = { period: 30, offsetMs: 0 };
    let drawn = Number.NaN;
    ticker.listen({
      offsetMs: 0,
      tick: (now) => {
        drawn = 1 + dashOffset(windowAt(now, codeWindow).secondsLeft, 30);
      },
    });
    let at = start;
    for (const wait of [0, 2_350, 9_000, 13_111, 6_700, 22_222]) {
      vi.advanceTimersByTime(wait);
      at += wait;
      const left = 30_000 - (at % 30_000);
      expect(Math.abs(drawn - left / 30_000)).toBeLessThan(1 / 30 + 1e-9);
      expect(drawn).toBeCloseTo(Math.ceil(left / 1_000) / 30, 9);
    }
  });

  it("runs one timer for 200 rings, once a second and on the server's second", () => {
    const { ticker } = page();
    const calls: number[] = [];
    for (let ring = 0; ring < 200; ring++)
      ticker.listen({ offsetMs: 100, tick: (now) => ring === 0 && calls.push(now) });
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(vi.getTimerCount()).toBe(1);
    const [first, ...later] = calls;
    expect(first).toBe(start);
    expect(later.map((now) => (now + 100) % 1_000)).toEqual([0, 0, 0, 0, 0]);
  });

  it("stands still while the page is hidden, and is right at once when it is seen again", () => {
    const { ticker, hide } = page();
    const calls: number[] = [];
    ticker.listen({ offsetMs: 0, tick: (now) => void calls.push(now) });
    hide(true);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(calls).toHaveLength(1);
    hide(false);
    expect(calls.at(-1)).toBe(start + 60_000);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("leaves nothing running when the last ring has left the canvas", () => {
    const { ticker, watchers } = page();
    const leave = [1, 2].map(() => ticker.listen({ offsetMs: 0, tick: () => {} }));
    leave[0]?.();
    expect(vi.getTimerCount()).toBe(1);
    leave[1]?.();
    expect(vi.getTimerCount()).toBe(0);
    expect(watchers.size).toBe(0);
    ticker.listen({ offsetMs: 0, tick: () => {} });
    expect(vi.getTimerCount()).toBe(1);
  });
});
