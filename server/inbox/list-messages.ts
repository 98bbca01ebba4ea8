import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import type { MessageKind, Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import type { MessageAuthentication } from "./delivery.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { type MessageHead, openHead } from "./read-delivery.ts";
import { mayList, mayRead } from "./rights.ts";

/** Who was given the code of a message, as the API shows it. */
export interface Taken {
  readonly kind: string;
  readonly name: string;
  readonly run_id: string | null;
  readonly workflow_slug: string | null;
  readonly at: string;
}

/** A message without what it says: bodies are large, and selected only where one is opened. */
export const selectMessages = (db: Kysely<Tables>) =>
  db
    .selectFrom("inbox_message as i")
    .innerJoin("mailbox as m", "m.id", "i.mailbox_id")
    .leftJoin("agent_user as u", "u.id", "m.agent_user_id")
    .leftJoin("workflow_run as r", "r.id", "i.taken_run_id")
    .leftJoin("workflow as f", "f.id", "r.workflow_id")
    .select((eb) => [
      "i.id",
      "i.mailbox_id",
      "i.thread_id",
      "i.address",
      "u.username as agent",
      "i.channel",
      "i.sender",
      "i.sender_host",
      "i.sealed_head",
      "i.kind",
      "i.confidence",
      eb.ref("i.authentication").$castTo<MessageAuthentication | null>().as("authentication"),
      "i.run_id",
      "i.task_id",
      "i.workflow_id",
      "i.source",
      "i.labels",
      "i.received_at",
      "i.expires_at",
      "i.modified_at",
      "i.purged_at",
      sql<Taken | null>`case when i.taken_at is not null then jsonb_build_object(
        'kind', i.taken_by_kind, 'name', i.taken_by_name, 'run_id', i.taken_run_id, 'workflow_slug', f.slug,
        'at', to_char(i.taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end`.as("taken"),
    ]);

type MessageRow = Awaited<ReturnType<ReturnType<typeof selectMessages>["execute"]>>[number];

/** A message as lists show it. `head` holds codes, and is for callers that may have them. */
export interface ListedMessage extends Omit<MessageRow, "sealed_head"> {
  /** Null once the body was deleted. */
  readonly head: MessageHead | null;
}

export const withHead = (keys: WorkspaceKeys, { sealed_head, ...row }: MessageRow): ListedMessage => ({
  ...row,
  head: sealed_head === null ? null : openHead(keys, { id: row.id, sealed_head }),
});

/** A position in a list that is newest first. */
export interface ListPosition {
  readonly at: Date;
  readonly id: string;
}

export interface MessageFilter {
  readonly limit?: number;
  /** Only what the caller may open. Without it, who reads lists sees all. */
  readonly onlyReadable?: boolean;
  /** The id of a message: those that came before it. */
  readonly before?: string | undefined;
  /** The same by position, so that the message may be gone by now. */
  readonly after?: ListPosition | undefined;
  readonly address?: string | undefined;
  /** The username of the agent whose mailbox it is. */
  readonly agent?: string | undefined;
  /** An address or a host, or a part of the sender's name. */
  readonly from?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly threadId?: string | undefined;
  readonly runId?: string | undefined;
  readonly kinds?: readonly MessageKind[] | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** The messages that a caller may read, newest first. A list holds no text, so it leaves no trace. */
export async function listMessages(
  { db, keyRing }: Pick<InboxParts, "db" | "keyRing">,
  caller: AuthenticatedCaller,
  filter: MessageFilter = {},
): Promise<ListedMessage[]> {
  const { before, after, address, agent, from, labels, threadId, runId, kinds, ids } = filter;
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const like = `%${(from ?? "").replaceAll(/[\\%_]/g, "\\$&")}%`;
  const rows = await selectMessages(db)
    .where(filter.onlyReadable ? mayRead(caller) : mayList(caller))
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(i.received_at, i.id) < (select received_at, id from inbox_message
            where id = ${before}::uuid and workspace_id = ${caller.workspaceId})`,
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(i.received_at, i.id) < (${after?.at}, ${after?.id}::uuid)`),
    )
    .$if(address !== undefined, (query) => query.where("i.address", "=", address?.trim().toLowerCase() ?? ""))
    .$if(agent !== undefined, (query) => query.where("u.username", "=", agent ?? ""))
    .$if(from !== undefined, (query) => query.where("i.sender", "ilike", like))
    .$if(labels !== undefined && labels.length > 0, (query) =>
      query.where(sql<boolean>`i.labels @> ${[...(labels ?? [])]}::text[]`),
    )
    .$if(threadId !== undefined, (query) => query.where("i.thread_id", "=", threadId ?? ""))
    .$if(runId !== undefined, (query) => query.where("i.run_id", "=", runId ?? ""))
    .$if(kinds !== undefined, (query) => query.where("i.kind", "in", [...(kinds ?? [])]))
    .$if(ids !== undefined, (query) => query.where("i.id", "in", [...(ids ?? [])]))
    .orderBy("i.received_at", "desc")
    .orderBy("i.id", "desc")
    .limit(filter.limit ?? 50)
    .execute();
  return rows.map((row) => withHead(keys, row));
}

/** What became of a message, for the caller that delivered it: it knows what the message says. */
export async function findDelivered(
  { db, keyRing }: Pick<InboxParts, "db" | "keyRing">,
  workspaceId: string,
  id: string,
): Promise<ListedMessage> {
  const row = await selectMessages(db)
    .where("i.workspace_id", "=", workspaceId)
    .where("i.id", "=", id)
    .executeTakeFirst();
  if (!row) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
  return withHead(await keyRing.forWorkspace(workspaceId), row);
}

export interface ListedThread {
  readonly thread_id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly message_count: number;
  /** Its first message that was not deleted yet: it has the subject. */
  readonly first: ListedMessage;
}

export interface ThreadFilter {
  readonly limit: number;
  readonly after?: ListPosition | undefined;
  readonly threadId?: string | undefined;
}

/** Threads; the one with the newest message comes first. */
export async function listThreads(
  parts: Pick<InboxParts, "db" | "keyRing">,
  caller: AuthenticatedCaller,
  { limit, after, threadId }: ThreadFilter,
): Promise<ListedThread[]> {
  const { rows } = await sql<Omit<ListedThread, "first"> & { first_id: string }>`
    select i.thread_id, min(i.received_at) as created_at, max(i.received_at) as updated_at,
      count(*)::int as message_count,
      (array_agg(i.id order by i.purged_at is not null, i.received_at, i.id))[1] as first_id
    from inbox_message i join mailbox m on m.id = i.mailbox_id
    where ${mayRead(caller)} and (${threadId ?? null}::uuid is null or i.thread_id = ${threadId ?? null}::uuid)
    group by i.thread_id
    having ${after === undefined} or (max(i.received_at), i.thread_id) < (${after?.at ?? null}, ${after?.id ?? null}::uuid)
    order by max(i.received_at) desc, i.thread_id desc
    limit ${limit}`.execute(parts.db);
  if (rows.length === 0) return [];
  const ids = rows.map(({ first_id: id }) => id);
  const firsts = await listMessages(parts, caller, { ids, limit: rows.length });
  const firstOf = new Map(firsts.map((message) => [message.id, message]));
  return rows.flatMap(({ first_id: firstId, ...thread }) => {
    const first = firstOf.get(firstId);
    // Deleted in between: the thread is gone, or the next list has it.
    return first ? [{ ...thread, first }] : [];
  });
}
