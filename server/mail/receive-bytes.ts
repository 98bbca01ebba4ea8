/** Bytes that all connections together may hold, so that many large mails cannot fill the memory. */
export interface ByteBudget {
  /** True if there is room. Then the room is reserved. */
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

export type Received =
  | { readonly state: "whole"; readonly raw: Uint8Array }
  /** Read to its end, as the protocol wants, and thrown away. */
  | { readonly state: "too-large" | "no-room" };

interface Limits {
  readonly size: number;
  readonly budget: ByteBudget;
  /** Called when a sender continues long after it got the size limit. */
  readonly hangUp: () => void;
}

/**
 * Reads one mail of at most `size` bytes and uses it. Its bytes count against the budget until the use is over. Throws
 * when the sender goes away in the middle.
 */
export async function receiveBytes<T>(
  stream: AsyncIterable<Uint8Array>,
  { size, budget, hangUp }: Limits,
  use: (received: Received) => Promise<T>,
): Promise<T> {
  let kept: Uint8Array[] = [];
  let held = 0;
  let seen = 0;
  let state: Received["state"] = "whole";
  const letGo = () => {
    budget.giveBack(held);
    kept = [];
    held = 0;
  };
  try {
    for await (const chunk of stream) {
      seen += chunk.length;
      if (seen > size * 2) hangUp();
      if (state !== "whole") continue;
      if (seen > size) state = "too-large";
      // Twice: at the end the pieces are joined into one, and both are in memory for a moment.
      else if (!budget.take(chunk.length * 2)) state = "no-room";
      else {
        kept.push(chunk);
        held += chunk.length * 2;
        continue;
      }
      letGo();
    }
    if (state !== "whole") return await use({ state });
    const raw = Buffer.concat(kept, seen);
    kept = [];
    return await use({ state, raw });
  } finally {
    letGo();
  }
}
