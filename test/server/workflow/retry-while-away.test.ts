import { expect, it } from "vitest";
import { retryWhileAway } from "../../../server/workflow/retry-while-away.ts";
import { fixedClock } from "../../support/fixed-clock.ts";

const away = () => Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" });
const failing = (times: number, error: () => Error) => {
  let left = times;
  return async () => {
    if (left-- > 0) throw error();
    return "done";
  };
};
const signal = new AbortController().signal;

it("waits longer and longer for a database that is away, and then does it", async () => {
  const clock = fixedClock();
  expect(await retryWhileAway(failing(8, away), { clock, signal })).toBe("done");
  expect(clock.slept).toEqual([50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
});

it("gives up after a minute, so that another worker may try", async () => {
  const clock = fixedClock();
  await expect(retryWhileAway(failing(1_000, away), { clock, signal })).rejects.toThrow("connect refused");
  expect(clock.slept.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(60_000);
});

it("does not repeat what failed for another reason", async () => {
  const clock = fixedClock();
  const wrong = () => Object.assign(new Error("duplicate key"), { code: "23505" });
  await expect(retryWhileAway(failing(1, wrong), { clock, signal })).rejects.toThrow("duplicate key");
  expect(clock.slept).toEqual([]);
});

it("stops waiting when it is told to", async () => {
  const stopped = AbortSignal.abort(new Error("cancelled"));
  const waiting = retryWhileAway(failing(1, away), { clock: fixedClock(), signal: stopped });
  await expect(waiting).rejects.toThrow("cancelled");
});
