import AsyncLock from "async-lock";
import { type HeldMailbox, matchMailbox } from "./hand-out-codes.ts";
import type { InboxParts } from "./inbox-parts.ts";

/**
 * One lock for each mailbox, in this process. The row lock alone would do for the data, but every call that waits
 * for a row holds a connection of the pool, and other work needs those.
 */
export const createMailboxLock = () => new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });

interface Work extends HeldMailbox {
  /** Gives the mailbox's codes to the waits that they fit. */
  matchCodes(): Promise<void>;
  /** Waits and runs to wake after the commit, besides those that `matchCodes` finds. */
  wake(changed: { readonly waitId: string; readonly runId: string | null }): void;
}

/**
 * The only way to change what is in a mailbox and who waits there: takes the mailbox's turn, opens a transaction,
 * locks the row, does the work, and wakes waits and runs after the commit. Undefined where the mailbox is gone.
 */
export async function inMailbox<T>(
  parts: InboxParts,
  { workspaceId, mailboxId }: { readonly workspaceId: string; readonly mailboxId: string },
  work: (held: Work) => Promise<T>,
): Promise<T | undefined> {
  // Before the transaction: to read keys takes a connection of its own.
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  const waitIds: string[] = [];
  const runIds: string[] = [];
  const result = await parts.mailboxLock.acquire(mailboxId, () =>
    parts.db.transaction().execute(async (trx) => {
      const mailbox = await trx
        .selectFrom("mailbox")
        .selectAll()
        .where("id", "=", mailboxId)
        .forUpdate()
        .executeTakeFirst();
      if (!mailbox) return undefined;
      const held = { trx, keys, mailbox, now: parts.clock.now() };
      return work({
        ...held,
        matchCodes: async () => {
          const matched = await matchMailbox(parts, held);
          waitIds.push(...matched.waitIds);
          runIds.push(...matched.runIds);
        },
        wake: ({ waitId, runId }) => {
          waitIds.push(waitId);
          if (runId !== null) runIds.push(runId);
        },
      });
    }),
  );
  parts.signals.settled(waitIds);
  parts.runs.wake(runIds);
  return result;
}
