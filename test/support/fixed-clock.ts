import type { Clock } from "../../server/clock.ts";

export interface FixedClock extends Clock {
  /** Moves time forward. */
  advance(seconds: number): void;
  set(time: Date): void;
  /** The length of each requested sleep, in milliseconds. */
  readonly slept: number[];
}

/** A clock that stops until a test moves it. A sleep moves it instead of waiting. */
export function fixedClock(start = new Date("2026-01-01T00:00:00Z")): FixedClock {
  let now = start.getTime();
  const slept: number[] = [];
  return {
    now: () => new Date(now),
    advance: (seconds) => {
      now += seconds * 1000;
    },
    set: (time) => {
      now = time.getTime();
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
    slept,
  };
}

/** A clock on which nothing is late: time stops, and a sleep ends only when it is aborted. */
export const timelessClock = (start = new Date("2026-01-01T00:00:00Z")): Clock => ({
  now: () => new Date(start),
  sleep: (_milliseconds, signal) =>
    new Promise((_resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      else signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
});
