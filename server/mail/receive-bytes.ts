import type { ByteBudget } from "./byte-budget.ts";

export type Received =
  | { readonly state: "whole"; readonly raw: Uint8Array }
  /** Read to its end, as the protocol wants, but not kept. */
  | { readonly state: "too-large" | "no-room" };

interface Limits {
  readonly size: number;
  readonly budget: ByteBudget;
  /** Called when a sender goes on and on after it was told the size. */
  readonly hangUp: () => void;
}

/**
 * Reads one mail, keeping no more than `size` of it, and uses it; what was kept counts against the budget
 * until the use is over. Throws when the sender goes away in the middle.
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
      // Joined into one in the end, when both are there for a moment.
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
