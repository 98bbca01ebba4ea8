import { setTimeout as sleep } from "node:timers/promises";

/** A question ends at most this much late. */
const everyMs = 1_000;

export interface SweeperParts {
  readonly settle: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Ends questions when their time is over. Every process has one. */
export function createApprovalSweeper({ settle, onError }: SweeperParts) {
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await settle().catch(onError);
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  return {
    start(): void {
      loop = sweep();
    },
    async stop(): Promise<void> {
      stopping.abort();
      await loop;
    },
  };
}
