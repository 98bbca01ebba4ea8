import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../audit/audit-log.ts";

/** Who asks the inbox for something: settled by authentication or by the graph, never by a body. */
export interface InboxCaller {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly kind: "administrator" | "service_key" | "agent_user";
  /** An administrator's is the workspace's own. */
  readonly id: string;
  readonly name: string;
  /** May do everything in this workspace, and every use of that is audited. */
  readonly admin: boolean;
  /** May change what mailboxes there are. */
  readonly mayManage: boolean;
}

/** The name a code is marked with when it is handed out. */
export const takerOf = ({ kind, id }: Pick<InboxCaller, "kind" | "id">): string => `${kind}:${id}`;

/**
 * Whether the caller may read what is in mailbox `m`: agents their own, programs the workspace's,
 * administrators all. Waiting for the code of a workspace's mailbox is another right: see `mailbox_reader`.
 */
export function mayRead(caller: InboxCaller): RawBuilder<boolean> {
  const inWorkspace = sql`m.workspace_id = ${caller.workspaceId}`;
  if (caller.admin) return sql<boolean>`${inWorkspace}`;
  return caller.kind === "agent_user"
    ? sql<boolean>`(${inWorkspace} and m.agent_user_id = ${caller.id}::uuid)`
    : sql<boolean>`(${inWorkspace} and m.agent_user_id is null)`;
}
