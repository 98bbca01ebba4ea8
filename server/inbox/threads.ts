import { sql } from "kysely";
import { type InboxCaller, mayRead } from "./inbox-caller.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { type ListPlace, listMessages, type ShownMessage } from "./messages.ts";

export interface ShownThread {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly messageCount: number;
  /** The first of it that was not deleted yet: it has the subject. */
  readonly first: ShownMessage;
}

export interface ThreadFilter {
  readonly limit: number;
  readonly after?: ListPlace | undefined;
  readonly threadId?: string | undefined;
}

interface ThreadRow {
  thread_id: string;
  created_at: Date;
  updated_at: Date;
  messages: number;
  first_id: string;
}

/** Threads, those with the newest message first. */
export const listThreads =
  (parts: InboxParts) =>
  async (caller: InboxCaller, { limit, after, threadId }: ThreadFilter): Promise<ShownThread[]> => {
    const { rows } = await sql<ThreadRow>`
      select i.thread_id, min(i.received_at) as created_at, max(i.received_at) as updated_at,
        count(*)::int as messages,
        (array_agg(i.id order by i.purged_at is not null, i.received_at, i.id))[1] as first_id
      from inbox_message i join mailbox m on m.id = i.mailbox_id
      where ${mayRead(caller)} and (${threadId ?? null}::uuid is null or i.thread_id = ${threadId ?? null}::uuid)
      group by i.thread_id
      having ${after === undefined} or (max(i.received_at), i.thread_id) < (${after?.at ?? null}, ${after?.id ?? null}::uuid)
      order by max(i.received_at) desc, i.thread_id desc
      limit ${limit}`.execute(parts.db);
    if (rows.length === 0) return [];
    const firsts = await listMessages(parts)(caller, {
      ids: rows.map(({ first_id: id }) => id),
      limit: rows.length,
    });
    const firstOf = new Map(firsts.map((message) => [message.id, message]));
    return rows.flatMap((row) => {
      const first = firstOf.get(row.first_id);
      // Deleted in between: there is no thread any more, or the next list has it.
      if (!first) return [];
      return {
        id: row.thread_id,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
        messageCount: row.messages,
        first,
      };
    });
  };
