import { createInbox } from "../../server/inbox/inbox.ts";
import type { InboxCaller } from "../../server/inbox/inbox-caller.ts";
import { createInboxSignals } from "../../server/inbox/inbox-signals.ts";
import { openTestRooms, testActor } from "./open-test-rooms.ts";

/** The room of delivered codes on a database of its own, with a clock that stands still and no runs. */
export async function openTestInbox({ mailDomain }: { mailDomain?: string } = {}) {
  const rooms = await openTestRooms();
  const { db, keyRing, clock, database, workspaceId } = rooms;
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
  const admin: InboxCaller = {
    workspaceId,
    kind: "administrator",
    id: workspaceId,
    name: "tester",
    admin: true,
    mayManage: true,
    actor: testActor,
  };
  return { ...rooms, inbox, admin };
}
