import { createHmac } from "node:crypto";
import type { InboxParts } from "../inbox-parts.ts";

/** What a source sent: a signature, a message's own id, or a code. */
export type SeenKind = "signature" | "message" | "code";

export interface Seen {
  readonly sourceId: string;
  readonly hash: string;
}

/** Keyed with the source's secret: a hash of six digits alone would reveal them. */
export const seenAs = (
  { sourceId, secret }: { readonly sourceId: string; readonly secret: Uint8Array },
  kind: SeenKind,
  value: string,
): Seen => ({
  sourceId,
  hash: createHmac("sha256", secret).update(`${kind}\0${value}`).digest("base64url"),
});

type Parts = Pick<InboxParts, "db">;

export async function wasSeen({ db }: Parts, seen: readonly Seen[]): Promise<boolean> {
  const [first] = seen;
  if (!first) return false;
  const row = await db
    .selectFrom("inbox_source_seen")
    .select("hash")
    .where("source_id", "=", first.sourceId)
    .where(
      "hash",
      "in",
      seen.map(({ hash }) => hash),
    )
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether this request is the first with it, of all at once in all processes. */
export async function claimSeen({ db }: Parts, seen: Seen, expiresAt: Date): Promise<boolean> {
  const claimed = await db
    .insertInto("inbox_source_seen")
    .values({ source_id: seen.sourceId, hash: seen.hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning("hash")
    .executeTakeFirst();
  return claimed !== undefined;
}

/** The message was not taken after all: its sender may send it again. */
export async function releaseSeen({ db }: Parts, { sourceId, hash }: Seen): Promise<void> {
  await db
    .deleteFrom("inbox_source_seen")
    .where("source_id", "=", sourceId)
    .where("hash", "=", hash)
    .execute();
}

/** Forgets what is too old to come again. */
export async function forgetSeen({ db, clock }: Pick<InboxParts, "db" | "clock">): Promise<void> {
  await db.deleteFrom("inbox_source_seen").where("expires_at", "<=", clock.now()).execute();
}
