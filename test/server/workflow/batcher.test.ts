import { expect, it } from "vitest";
import { createBatcher } from "../../../server/workflow/batcher.ts";

/** A sender whose first sending lasts until it is released. */
function slowSender(options: { largestBatch?: number; fails?: boolean } = {}) {
  const sent: number[][] = [];
  const errors: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const batcher = createBatcher<number>({
    largestBatch: options.largestBatch,
    send: async (items) => {
      sent.push([...items]);
      await gate.promise;
      if (options.fails) throw new Error("not sent");
    },
    onError: (error) => errors.push(error),
  });
  return { sent, errors, batcher, release: gate.resolve };
}

it("sends the first at once, and what comes meanwhile in one batch", async () => {
  const { sent, batcher, release } = slowSender();
  for (const item of [1, 2, 3]) batcher.add(item);
  expect(sent).toEqual([[1]]);
  release();
  await batcher.idle();
  expect(sent).toEqual([[1], [2, 3]]);
});

it("sends no more at once than it may", async () => {
  const { sent, batcher, release } = slowSender({ largestBatch: 2 });
  for (const item of [1, 2, 3, 4]) batcher.add(item);
  release();
  await batcher.idle();
  expect(sent).toEqual([[1], [2, 3], [4]]);
});

it("reports a sending that failed, and goes on", async () => {
  const { sent, errors, batcher, release } = slowSender({ fails: true });
  batcher.add(1);
  batcher.add(2);
  release();
  await batcher.idle();
  expect(sent).toEqual([[1], [2]]);
  expect(errors).toHaveLength(2);
  batcher.add(3);
  await batcher.idle();
  expect(sent.at(-1)).toEqual([3]);
});
