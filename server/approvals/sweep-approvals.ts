import { setTimeout as sleep } from "node:timers/promises";

/** A question ends, and is told, at most this much late. */
const everyMs = 1_000;

export interface SweeperParts {
  readonly settle: () => Promise<void>;
  readonly tell: (stopping: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Ends questions when their time is over, and tells people of new ones. Every process has one. The two do not wait for
 * each other: a webhook that does not answer holds no run.
 */
export function createApprovalSweeper({ settle, tell, onError }: SweeperParts) {
  const stopping = new AbortController();
  let loops: Promise<unknown> = Promise.resolve();
  const repeat = async (work: () => Promise<void>): Promise<void> => {
    while (!stopping.signal.aborted) {
      await work().catch(onError);
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  return {
    start(): void {
      loops = Promise.all([repeat(settle), repeat(() => tell(stopping.signal))]);
    },
    async stop(): Promise<void> {
      stopping.abort();
      await loops;
    },
  };
}
