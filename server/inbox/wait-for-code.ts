import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { aliveMs, beginWait, readWait, type WaitRequest } from "./begin-wait.ts";
import type { InboxParts } from "./inbox-parts.ts";
import type { WaitAnswer } from "./settle-mailbox.ts";

/** Hints may be lost; a wait is also looked at this often. */
const lookAgainMs = 1_000;

/**
 * Waits in this process until the code is there, it cannot be said which is meant, or the time is over. Whoever
 * leaves earlier leaves no wait behind that would take a code.
 */
export const waitForCode =
  (parts: InboxParts) =>
  async (
    request: WaitRequest,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<WaitAnswer & { readonly serverTime: Date }> => {
    const { clock, keyRing } = parts;
    const { workspaceId } = request.caller;
    let status = await beginWait(parts)(request);
    const { id, expiresAt } = status;
    const keys = await keyRing.forWorkspace(workspaceId);
    let wake = (): void => {};
    const unsubscribe = parts.signals.onSettled(id, () => wake());
    try {
      for (;;) {
        // Looked at after subscribing: what happened in between is seen.
        status = (await readWait(parts, keys, { id, workspaceId })) ?? status;
        if (status.answer) return { ...status.answer, serverTime: clock.now() };
        if (status.state === "cancelled") throw new PluginError("INBOX_WAIT_CANCELLED");
        if (status.ambiguous) throw new PluginError("CODE_AMBIGUOUS");
        const left = expiresAt.getTime() - clock.now().getTime();
        if (left <= 0) throw new PluginError("CODE_NOT_RECEIVED");
        await showLife(parts, id);
        await pause(parts, Math.min(left, lookAgainMs), signal, (call) => (wake = call));
      }
    } finally {
      unsubscribe();
      await leave(parts, id);
    }
  };

async function pause(
  { clock }: InboxParts,
  ms: number,
  signal: AbortSignal,
  onWake: (call: () => void) => void,
): Promise<void> {
  const woken = new AbortController();
  onWake(() => woken.abort());
  await clock.sleep(ms, AbortSignal.any([signal, woken.signal])).catch(() => {});
  signal.throwIfAborted();
}

/** A server that is gone gives nothing to those who waited at it. */
async function showLife({ db, clock }: InboxParts, id: string): Promise<void> {
  await db
    .updateTable("code_wait")
    .set({ alive_until: new Date(clock.now().getTime() + aliveMs) })
    .where("id", "=", id)
    .where("state", "=", "waiting")
    .execute();
}

/** Nobody is there any more to be given anything. */
async function leave({ db, clock }: InboxParts, id: string): Promise<void> {
  const now = clock.now();
  await db
    .updateTable("code_wait")
    .set({
      state: sql`case when expires_at <= ${now} then 'timed_out' else 'cancelled' end`,
      settled_at: now,
    })
    .where("id", "=", id)
    .where("state", "=", "waiting")
    .execute();
}
