import { sql } from "kysely";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { InboxCaller } from "./inbox-caller.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { listMessages, type MessageFilter, type ShownMessage } from "./messages.ts";

/** A listed message, with its code where this very call was given it. */
export type TakenMessage = ShownMessage & { readonly value: string | null };

/**
 * Lists messages and hands the caller every code among them that nobody was given yet, once: the next list shows
 * them without. For clients that poll a list instead of waiting.
 */
export const takeCodes =
  (parts: InboxParts) =>
  async (caller: InboxCaller, filter: MessageFilter): Promise<TakenMessage[]> => {
    const { db, clock } = parts;
    const list = await listMessages(parts)(caller, filter);
    const now = clock.now();
    const free = list.filter(
      ({ kind, taken, expiresAt, head, runId }) =>
        // What was delivered for a run is for whoever asks for that run's.
        (runId === null || runId === filter.runId) &&
        (kind === "code" || kind === "link") &&
        taken === null &&
        head !== null &&
        expiresAt > now,
    );
    if (free.length === 0) return list.map((message) => ({ ...message, value: null }));
    const given = await db.transaction().execute(async (trx) => {
      const rows = await trx
        .updateTable("inbox_message")
        .set({
          taken_at: now,
          taken_by_kind: caller.kind,
          taken_by_id: caller.id,
          taken_by_name: caller.name,
          modified_at: now,
        })
        .where(
          "id",
          "in",
          free.map(({ id }) => id),
        )
        .where("taken_at", "is", null)
        .where("contested", "=", false)
        // Too many wrong codes lock an agent out of delivered ones too.
        .where(
          sql<boolean>`not exists (select from mailbox m join agent_user u on u.id = m.agent_user_id
            where m.id = inbox_message.mailbox_id and (u.disabled_at is not null or u.locked_until > ${now}))`,
        )
        .returning("id")
        .execute();
      for (const { id } of rows)
        await writeAuditEvent(trx, {
          workspaceId: caller.workspaceId,
          at: now,
          actor: caller.actor,
          action: "inbox.code_handed_out",
          subject: { kind: "inbox_message", id },
        });
      return new Set(rows.map(({ id }) => id));
    });
    return list.map((message) => ({
      ...message,
      value: given.has(message.id) ? (message.head?.found[0]?.value ?? null) : null,
    }));
  };
