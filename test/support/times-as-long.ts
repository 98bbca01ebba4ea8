/**
 * How many times as long `work` takes as `reference`. Both run in turn, in processor time, and the fastest run of
 * each counts, so a busy machine does not matter. Work that grows too fast is hundreds of times as long.
 *
 *     expect(timesAsLong(() => read(hostile), () => read(prose))).toBeLessThan(40);
 */
export function timesAsLong(work: () => unknown, reference: () => unknown, runs = 3): number {
  let [longest, floor] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < runs; run++) {
    floor = Math.min(floor, processorTimeOf(reference));
    longest = Math.min(longest, processorTimeOf(work));
  }
  // With a reference too fast for the clock, any work would look long.
  return longest / Math.max(floor, 1_000);
}

/** In microseconds. */
function processorTimeOf(work: () => unknown): number {
  const started = process.cpuUsage();
  work();
  return process.cpuUsage(started).user;
}

/** How many times as long the longest of these took as the median. For equal work, one after the other. */
export async function longestOverMiddle(things: readonly (() => Promise<unknown>)[]): Promise<number> {
  const took: number[] = [];
  for (const thing of things) {
    const started = performance.now();
    await thing();
    took.push(performance.now() - started);
  }
  took.sort((one, other) => one - other);
  return (took.at(-1) ?? 0) / (took[Math.floor(took.length / 2)] ?? 1);
}
