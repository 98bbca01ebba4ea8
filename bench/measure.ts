/** Ratios from the same run: a slow or busy machine affects both sides equally. */

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Calls per second of the given number of callers. Each calls again as soon as it has its answer. */
export async function callsPerSecond(
  call: () => Promise<unknown>,
  { callers, milliseconds }: { callers: number; milliseconds: number },
): Promise<number> {
  const start = performance.now();
  let done = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      await call();
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return done / ((performance.now() - start) / 1000);
}

/** Runs both in turn and prints the median of the ratios, pair by pair. */
export async function compareRates(
  title: string,
  goal: number,
  sides: { ours: () => Promise<number>; floor: () => Promise<number> },
  rounds = 5,
): Promise<void> {
  // Both get the time that V8 needs to optimise their code.
  for (let warmUp = 0; warmUp < 3; warmUp++) {
    await sides.ours();
    await sides.floor();
  }
  const pairs: { ours: number; floor: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    // The order changes every round, so that neither side always runs on the warmer machine.
    if (round % 2 === 0) {
      const ours = await sides.ours();
      pairs.push({ ours, floor: await sides.floor() });
    } else {
      const floor = await sides.floor();
      pairs.push({ ours: await sides.ours(), floor });
    }
  }
  const ratio = median(pairs.map((pair) => pair.ours / pair.floor));
  const rates = `${median(pairs.map((pair) => pair.ours)).toFixed(0)}/s over ${median(pairs.map((pair) => pair.floor)).toFixed(0)}/s`;
  report(title, `${ratio.toFixed(2)}  (${rates})`, `${goal.toFixed(2)} or more`, ratio >= goal);
}

export function report(title: string, value: string, goal: string, reached: boolean): void {
  process.stdout.write(`${reached ? "reached" : "missed "}  ${title.padEnd(58)}${value}   goal: ${goal}\n`);
}

/** The time of each call, one after the other, in milliseconds. */
export async function medianTime(call: () => Promise<unknown>, times: number): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    await call();
    taken.push(performance.now() - start);
  }
  return median(taken);
}
