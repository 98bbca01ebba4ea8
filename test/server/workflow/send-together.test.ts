import { expect, it } from "vitest";
import { sendTogether } from "../../../server/workflow/send-together.ts";

/** A sender whose first sending lasts until it is released. */
function slowSender(options: { most?: number; fails?: boolean } = {}) {
  const sent: number[][] = [];
  const errors: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const together = sendTogether<number>({
    most: options.most,
    send: async (items) => {
      sent.push([...items]);
      await gate.promise;
      if (options.fails) throw new Error("not sent");
    },
    onError: (error) => errors.push(error),
  });
  return { sent, errors, together, release: gate.resolve };
}

it("sends the first at once, and what comes meanwhile together", async () => {
  const { sent, together, release } = slowSender();
  for (const item of [1, 2, 3]) together.add(item);
  expect(sent).toEqual([[1]]);
  release();
  await together.idle();
  expect(sent).toEqual([[1], [2, 3]]);
});

it("sends no more at once than it may", async () => {
  const { sent, together, release } = slowSender({ most: 2 });
  for (const item of [1, 2, 3, 4]) together.add(item);
  release();
  await together.idle();
  expect(sent).toEqual([[1], [2, 3], [4]]);
});

it("reports a sending that failed, and goes on", async () => {
  const { sent, errors, together, release } = slowSender({ fails: true });
  together.add(1);
  together.add(2);
  release();
  await together.idle();
  expect(sent).toEqual([[1], [2]]);
  expect(errors).toHaveLength(2);
  together.add(3);
  await together.idle();
  expect(sent.at(-1)).toEqual([3]);
});
