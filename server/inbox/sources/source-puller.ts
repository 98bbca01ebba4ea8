import { setTimeout as sleep } from "node:timers/promises";
import type { DueSource } from "./due-sources.ts";
import type { AskOutside } from "./source-parts.ts";
import type { Sources } from "./sources.ts";

/** Somebody who begins to wait is asked for at most this much later. */
const lookEveryMs = 1_000;
/** So many are asked at once in one process: a slow one takes one place, and all others go on. */
const mostAtOnce = 32;

/** Asks sources while somebody waits for what they give, in every process that works; each is asked by one. */
export function createSourcePuller({
  sources,
  ask,
  onError,
}: {
  readonly sources: Pick<Sources, "takeDue" | "askOne">;
  readonly ask: AskOutside;
  readonly onError: (error: unknown) => void;
}) {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let loop: Promise<void> = Promise.resolve();
  const begin = (source: DueSource): void => {
    const asking = sources
      .askOne(ask)(source, stopping.signal)
      .catch(onError)
      .finally(() => underWay.delete(asking));
    underWay.add(asking);
  };
  const look = async (): Promise<void> => {
    const free = mostAtOnce - underWay.size;
    if (free > 0) for (const source of await sources.takeDue(free)) begin(source);
  };
  const lookOften = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look().catch(onError);
      await sleep(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  return {
    start(): void {
      loop = lookOften();
    },
    async stop(): Promise<void> {
      stopping.abort();
      await loop;
      await Promise.all(underWay);
    },
  };
}
