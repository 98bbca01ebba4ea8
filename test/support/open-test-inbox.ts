import { scopes } from "../../plugin/api/scopes.ts";
import type { PersonCaller } from "../../server/access/caller.ts";
import { createInbox } from "../../server/inbox/inbox.ts";
import { createInboxSignals } from "../../server/inbox/inbox-signals.ts";
import { openTestRooms, testActor } from "./open-test-rooms.ts";

/** A person who administers this workspace. */
export const administratorOf = (workspaceId: string): PersonCaller => ({
  kind: "person",
  name: "tester",
  sessionId: "test",
  workspaceId,
  scopes: new Set(scopes),
  actor: testActor,
});

/** The room of delivered codes on a database of its own, with a clock that stands still and no runs. */
export async function openTestInbox({
  mailDomain,
  poolSize,
}: {
  mailDomain?: string;
  poolSize?: number;
} = {}) {
  const rooms = await openTestRooms({ poolSize });
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
  const admin = administratorOf(workspaceId);
  return { ...rooms, inbox, admin };
}
