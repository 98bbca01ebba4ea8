import AsyncLock from "async-lock";
import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.ts";
import { type HeldMailbox, matchMailbox } from "./hand-out-codes.ts";
import type { InboxParts } from "./inbox-parts.ts";

/**
 * One lock for each mailbox, in this process. The row lock alone would do for the data, but every call that waits
 * for a row holds a connection of the pool, and other work needs those.
 */
export const createMailboxLock = () => new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });

/** Names waits and runs to wake after the commit. */
type Wake = (changed: { readonly waitIds: readonly string[]; readonly runIds: readonly string[] }) => void;

interface Work extends HeldMailbox {
  /** Gives the mailbox's codes to the waits that they fit. */
  matchCodes(): Promise<void>;
  /** Wakes other waits, in addition to those that `matchCodes` finds. */
  readonly wake: Wake;
}

/**
 * Changes what is in a mailbox and who waits there: takes the mailbox's turn, opens a transaction, locks the row, does
 * the work, and wakes waits and runs after the commit. Undefined where the mailbox is gone.
 *
 * These write without this lock. One statement or the row's own lock decides each, and none gives a code to a wait:
 * - `expireWaits` ends waits of many mailboxes at once. `openWaits` locks the waits, so both see one order.
 * - `waitForCode` says that its caller is still there, and ends its own wait when the caller leaves.
 * - `takeCodes` marks messages of several mailboxes as taken. `handOut` has the same condition: the first one wins.
 * - `labelMessage` and `deleteMessage` change one message and no wait; `purgeBodies` deletes what has had its time.
 */
export async function inMailbox<T>(
  parts: InboxParts,
  { workspaceId, mailboxId }: { readonly workspaceId: string; readonly mailboxId: string },
  work: (held: Work) => Promise<T>,
): Promise<T | undefined> {
  // Before the transaction: to read keys takes a connection of its own.
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  return parts.mailboxLock.acquire(mailboxId, () =>
    thenWake(parts, async (trx, wake) => {
      const mailbox = await trx
        .selectFrom("mailbox")
        .selectAll()
        .where("id", "=", mailboxId)
        .forUpdate()
        .executeTakeFirst();
      if (!mailbox) return undefined;
      const held = { trx, keys, mailbox, now: parts.clock.now() };
      return work({ ...held, wake, matchCodes: async () => wake(await matchMailbox(parts, held)) });
    }),
  );
}

/** Does the work in a transaction, and wakes after the commit what the work names. */
export async function thenWake<T>(
  { db, signals, runs }: Pick<InboxParts, "db" | "signals" | "runs">,
  work: (trx: Kysely<Tables>, wake: Wake) => Promise<T>,
): Promise<T> {
  const waitIds: string[] = [];
  const runIds: string[] = [];
  const result = await db.transaction().execute((trx) =>
    work(trx, (changed) => {
      waitIds.push(...changed.waitIds);
      runIds.push(...changed.runIds);
    }),
  );
  signals.settled(waitIds);
  runs.wake(runIds);
  return result;
}

/** The runs of these waits, where runs wait. */
export const runIdsOf = (waits: readonly { readonly run_id: string | null }[]): string[] =>
  waits.flatMap(({ run_id: id }) => (id === null ? [] : [id]));
