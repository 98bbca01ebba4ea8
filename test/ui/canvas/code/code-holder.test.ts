import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCodeHolder } from "../../../../ui/canvas/code/code-holder.ts";
import { groupedCode, maskOf } from "../../../../ui/canvas/code/useHeldCode.ts";

const start = Date.parse("2026-11-20T10:00:10Z");
const windowEnd = start + 20_000;

describe("a node's code", () => {
  beforeEach(() => void vi.useFakeTimers({ now: start }));
  afterEach(() => void vi.useRealTimers());

  const holding = () => {
    let asked = 0;
    const read = async () => {
      asked++;
      return { code: `00000${asked}`, endsAt: Math.ceil((Date.now() + 1) / 30_000) * 30_000 };
    };
    return { holder: createCodeHolder(read, () => Date.now()), asked: () => asked };
  };

  it("is asked for once in a window, however many look at it", async () => {
    const { holder, asked } = holding();
    const both = await Promise.all([holder.ask(windowEnd), holder.ask(windowEnd)]);
    expect(both.map(({ code }) => code)).toEqual(["000001", "000001"]);
    await vi.advanceTimersByTimeAsync(19_999);
    expect((await holder.ask(windowEnd)).code).toBe("000001");
    expect(asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await holder.ask(windowEnd + 30_000)).code).toBe("000002");
    expect(asked()).toBe(2);
  });

  it("is held no longer than its window: no timer and no value stay behind", async () => {
    const { holder } = holding();
    await holder.ask(windowEnd);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that was refused is not asked for again before the next window", async () => {
    let asked = 0;
    const holder = createCodeHolder(
      async () => {
        asked++;
        throw new Error("You may not read this code.");
      },
      () => Date.now(),
    );
    await expect(holder.ask(windowEnd)).rejects.toThrow("You may not");
    await expect(holder.ask(windowEnd)).rejects.toThrow("You may not");
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await expect(holder.ask(windowEnd + 30_000)).rejects.toThrow("You may not");
    expect(asked).toBe(2);
  });
});

it("shows a code in two groups", () => {
  expect(["123456", "1234567", "12345678"].map(groupedCode)).toEqual(["123 456", "1234 567", "1234 5678"]);
  expect([maskOf(), maskOf(6), maskOf(8)]).toEqual(["••• •••", "••• •••", "•••• ••••"]);
});
