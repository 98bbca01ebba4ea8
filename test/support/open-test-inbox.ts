import { createInbox } from "../../server/inbox/inbox.ts";
import { createInboxSignals } from "../../server/inbox/inbox-signals.ts";
import { openTestRooms } from "./open-test-rooms.ts";

/** The room of delivered codes on a database of its own, with a stopped clock and no runs. */
export async function openTestInbox({
  mailDomain,
  poolSize,
}: {
  mailDomain?: string;
  poolSize?: number;
} = {}) {
  const rooms = await openTestRooms({ poolSize });
  const { db, keyRing, clock, database } = rooms;
  const onError = (error: unknown) => {
    throw error;
  };
  const inbox = createInbox({
    db,
    keyRing,
    clock,
    signals: createInboxSignals({ database, onError }),
    runs: { tell: async () => {}, resume: async () => {}, wake: () => {} },
    onUnclear: () => {},
    keepBodiesMs: 24 * 3_600_000,
    mailDomain,
  });
  return { ...rooms, inbox, admin: rooms.administrator };
}
