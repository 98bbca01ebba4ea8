import { sql } from "kysely";
import { type AuthenticatedCaller, auditFactsOf, ownerOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { isUsable } from "../database/is-live.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { type ListedMessage, listMessages, type MessageFilter } from "./list-messages.ts";

/** A listed message, with its code where this very call was given it. */
export type TakenMessage = ListedMessage & { readonly value: string | null };

/**
 * Lists messages and gives the caller every code among them that is still free, once: the next list shows them
 * without. For clients that poll a list instead of waiting.
 */
export async function takeCodes(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  filter: MessageFilter,
): Promise<TakenMessage[]> {
  const list = await listMessages(parts, caller, { ...filter, onlyReadable: true });
  const now = parts.clock.now();
  const free = list.filter(
    ({ kind, taken, expires_at, head, run_id }) =>
      // A message that was delivered for a run is given only to a request for that run's messages.
      (run_id === null || run_id === filter.runId) &&
      (kind === "code" || kind === "link") &&
      taken === null &&
      head !== null &&
      expires_at > now,
  );
  const given = free.length === 0 ? new Set() : await take(parts, caller, free);
  return list.map((message) => ({
    ...message,
    value: given.has(message.id) ? (message.head?.found[0]?.value ?? null) : null,
  }));
}

async function take(
  { db, clock }: InboxParts,
  caller: AuthenticatedCaller,
  messages: readonly ListedMessage[],
): Promise<ReadonlySet<string>> {
  const now = clock.now();
  const owner = ownerOf(caller);
  const ids = messages.map(({ id }) => id);
  return db.transaction().execute(async (trx) => {
    const rows = await trx
      .updateTable("inbox_message")
      .set({
        taken_at: now,
        taken_by_kind: owner.kind,
        taken_by_id: owner.id,
        taken_by_name: caller.name,
        modified_at: now,
      })
      .where("id", "in", ids)
      .where("taken_at", "is", null)
      .where("contested", "=", false)
      // Too many wrong codes lock an agent out of delivered ones too.
      .where(
        sql<boolean>`not exists (select from mailbox m join agent_user u on u.id = m.agent_user_id
            where m.id = inbox_message.mailbox_id and not ${isUsable("u", now)})`,
      )
      .returning("id")
      .execute();
    for (const { id } of rows)
      await writeAuditEvent(trx, {
        ...auditFactsOf(caller),
        at: now,
        action: "inbox.code_handed_out",
        subject: { kind: "inbox_message", id },
      });
    return new Set(rows.map(({ id }) => id));
  });
}
