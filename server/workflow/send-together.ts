import { setTimeout as sleep } from "node:timers/promises";

interface SendTogetherOptions<T> {
  readonly send: (items: readonly T[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly most?: number;
  /** How long the first one waits for others. */
  readonly companyMs?: number;
}

/** What comes while others wait, or while a sending is under way, goes together. */
export function sendTogether<T>({ send, onError, most = 500, companyMs = 0 }: SendTogetherOptions<T>) {
  let waiting: T[] = [];
  let sending: Promise<void> | undefined;

  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (companyMs > 0 && waiting.length < most) await sleep(companyMs);
      const items = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await send(items).catch(onError);
    }
    sending = undefined;
  };

  return {
    add(item: T): void {
      waiting.push(item);
      sending ??= sendAll();
    },
    /** Resolves when everything has been sent. */
    idle: async (): Promise<void> => {
      await sending;
    },
  };
}
