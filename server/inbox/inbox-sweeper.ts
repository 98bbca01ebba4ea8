import { setTimeout as sleep } from "node:timers/promises";
import type { Inbox } from "./inbox.ts";

/** A wait ends at most this much late. */
const expireEveryMs = 1_000;
/** Bodies go at most this much late. */
const purgeEvery = 60;

/** Ends waits and deletes bodies when their time is over, in every process that works. */
export function createInboxSweeper({
  inbox,
  onError,
}: {
  readonly inbox: Pick<Inbox, "expireWaits" | "purgeBodies" | "sources">;
  readonly onError: (error: unknown) => void;
}) {
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      await inbox.expireWaits().catch(onError);
      if (turn % purgeEvery === 0) {
        await inbox.purgeBodies().catch(onError);
        await inbox.sources.forgetSeen().catch(onError);
      }
      await sleep(expireEveryMs, undefined, { signal: stopping.signal }).catch(() => {});
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
