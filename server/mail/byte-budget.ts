/** Bytes that may be held at once by everybody together, so that many large mails cannot fill the memory. */
export interface ByteBudget {
  /** True when there was room and it is taken. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
  readonly held: number;
}

export function createByteBudget(most: number): ByteBudget {
  let held = 0;
  return {
    take: (bytes) => {
      if (held + bytes > most) return false;
      held += bytes;
      return true;
    },
    giveBack: (bytes) => {
      held -= bytes;
    },
    get held() {
      return held;
    },
  };
}

/** Lets so many through at a time; the others wait in line. */
export function createGate(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let inside = 0;
  const line: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => line.push(resolve));
    else inside += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes the place over, so that nobody slips in between.
      const next = line.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
