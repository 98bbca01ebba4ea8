import { setTimeout as sleep } from "node:timers/promises";

interface BatcherOptions<T> {
  readonly send: (items: readonly T[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly largestBatch?: number;
  /** How long the first item of a batch waits for others. */
  readonly batchDelayMs?: number;
}

/** Sends in one batch what is added while a batch waits or is on its way. */
export function createBatcher<T>(options: BatcherOptions<T>) {
  const { send, onError, largestBatch = 500, batchDelayMs = 0 } = options;
  let waiting: T[] = [];
  let sending: Promise<void> | undefined;

  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (batchDelayMs > 0 && waiting.length < largestBatch) await sleep(batchDelayMs);
      const items = waiting.slice(0, largestBatch);
      waiting = waiting.slice(largestBatch);
      await send(items).catch(onError);
    }
    sending = undefined;
  };

  return {
    add(item: T): void {
      waiting.push(item);
      sending ??= sendAll();
    },
    /** Resolves when everything is sent. */
    idle: async (): Promise<void> => {
      await sending;
    },
  };
}
