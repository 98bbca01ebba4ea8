/** Waits for an event, not for a length of time. If the event never happens, the test's own limit ends the wait. */
export interface Notice {
  /** Something happened: checks all conditions again. */
  happened(): void;
  /** Resolves when the condition holds. */
  until(condition: () => boolean): Promise<void>;
}

export function createNotice(): Notice {
  const waiting = new Set<() => void>();
  return {
    happened: () => {
      for (const look of [...waiting]) look();
    },
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Waits for a condition that sends no notice. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
