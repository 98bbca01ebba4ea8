import { sql } from "kysely";
import type { Database } from "../database/open-database.ts";

/** One channel for all waits. A notification is only a hint to look into the tables. */
const channel = "totem_inbox";

export interface InboxSignals {
  /** These waits have changed. */
  settled(waitIds: readonly string[]): void;
  onSettled(waitId: string, wake: () => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A notification holds less than 8,000 bytes, and an id takes 37. */
const mostIds = 200;

/** Wakes waiting requests of this process at once, and those of other processes by NOTIFY after the commit. */
export function createInboxSignals({
  database,
  onError,
}: {
  database: Pick<Database, "kysely" | "listen">;
  onError: (error: unknown) => void;
}): InboxSignals {
  const wakes = new Map<string, () => void>();
  let stopListening: (() => Promise<void>) | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  return {
    settled(waitIds) {
      const elsewhere = waitIds.filter((id) => {
        wakes.get(id)?.();
        return !wakes.has(id);
      });
      for (let first = 0; first < elsewhere.length; first += mostIds) {
        const payload = elsewhere.slice(first, first + mostIds).join(" ");
        // A lost hint does no harm: waits are looked at again every second.
        sending = sql`select pg_notify(${channel}, ${payload})`.execute(database.kysely).catch(onError);
      }
    },
    onSettled(waitId, wake) {
      wakes.set(waitId, wake);
      return () => wakes.delete(waitId);
    },
    start: async () => {
      stopListening = await database.listen(channel, (payload) => {
        for (const id of payload.split(" ")) wakes.get(id)?.();
      });
    },
    stop: async () => {
      await sending;
      await stopListening?.();
    },
  };
}
