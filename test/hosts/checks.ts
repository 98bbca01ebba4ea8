export type Say = (line: string) => void;

/** Why a host's checks could not run at all: no fault of ours is shown, and none is ruled out. */
export class NotRun extends Error {
  override readonly name = "NotRun";
}

/** How long one check may take before it counts as hung. */
const patience = 240_000;

/** Runs checks one after the other, prints a line for each, and counts. A failure does not stop those after it. */
export class Checks {
  #counts = { passed: 0, failed: 0, notRun: 0 };
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
  }

  /** `run` gives the line that tells what was seen. */
  async check(title: string, run: () => Promise<string>): Promise<void> {
    const started = performance.now();
    try {
      const shown = await withinPatience(run());
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      this.#counts.passed++;
      this.#say(`passed   ${title} (${seconds} s): ${oneLine(shown)}`);
    } catch (error) {
      if (error instanceof NotRun) return this.notRun(title, error.message);
      this.#counts.failed++;
      this.#say(`FAILED   ${title}: ${error instanceof Error ? (error.stack ?? error.message) : "?"}`);
    }
  }

  notRun(title: string, why: string): void {
    this.#counts.notRun++;
    this.#say(`NOT RUN  ${title}: ${why}`);
  }

  /** What could not run is no success: nobody has seen it work. */
  get allPassed(): boolean {
    return this.#counts.passed > 0 && this.#counts.failed === 0 && this.#counts.notRun === 0;
  }

  get summary(): string {
    const { passed, failed, notRun } = this.#counts;
    return `${passed} passed, ${failed} failed, ${notRun} not run`;
  }
}

async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No end after ${patience / 1000} s.`)), patience);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, 400);
