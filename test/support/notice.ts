/** Waits for what happens, and for no length of time: the test's own limit ends a wait for what never does. */
export interface Notice {
  /** Something happened: all conditions are looked at again. */
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

/** Waits for what gives no notice. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
