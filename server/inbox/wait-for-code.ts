import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { aliveMs, beginWait, readWait, type WaitRequest } from "./begin-wait.ts";
import type { WaitAnswer } from "./hand-out-codes.ts";
import type { InboxParts } from "./inbox-parts.ts";

/** Signals may be lost; a wait is also looked at this often. */
const lookAgainMs = 1_000;

/**
 * Waits in this process until the code is there, several could be meant, or the time is over. A caller that leaves
 * earlier leaves no wait behind that would take a code.
 */
export async function waitForCode(
  parts: InboxParts,
  request: WaitRequest,
  { signal }: { readonly signal: AbortSignal },
): Promise<WaitAnswer & { readonly serverTime: Date }> {
  const { clock, keyRing } = parts;
  const { workspaceId } = request.caller;
  let status = await beginWait(parts, request);
  const { id, expiresAt } = status;
  const keys = await keyRing.forWorkspace(workspaceId);
  let wake = (): void => {};
  const unsubscribe = parts.signals.onSettled(id, () => wake());
  try {
    for (;;) {
      // Looked at after subscribing, so that nothing in between is missed.
      status = (await readWait(parts, keys, { id, workspaceId })) ?? status;
      if (status.answer) return { ...status.answer, serverTime: clock.now() };
      if (status.state === "cancelled") throw new PluginError("INBOX_WAIT_CANCELLED");
      if (status.ambiguous) throw new PluginError("CODE_AMBIGUOUS");
      const left = expiresAt.getTime() - clock.now().getTime();
      if (left <= 0) throw new PluginError("CODE_NOT_RECEIVED");
      await stayAlive(parts, id);
      const woken = new AbortController();
      wake = () => woken.abort();
      await clock.sleep(Math.min(left, lookAgainMs), AbortSignal.any([signal, woken.signal])).catch(() => {});
      signal.throwIfAborted();
    }
  } finally {
    unsubscribe();
    await leave(parts, id);
  }
}

/** Without this, a server that crashed would be given codes for the callers that waited at it. */
async function stayAlive({ db, clock }: InboxParts, id: string): Promise<void> {
  await db
    .updateTable("code_wait")
    .set({ alive_until: new Date(clock.now().getTime() + aliveMs) })
    .where("id", "=", id)
    .where("state", "=", "waiting")
    .execute();
}

/** Ends the wait: its caller is gone. */
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
