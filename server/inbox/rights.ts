import { type RawBuilder, sql } from "kysely";
import {
  type AuthenticatedCaller,
  hasScope,
  isAdministrator,
  managesInbox,
  readsLists,
} from "../access/caller.ts";

/**
 * Whether the caller may read what is in mailbox `m`: an agent reads its own mailbox, a program those of the
 * workspace, a person who runs the inbox all, and any other person those that name them or one of their roles.
 * Waiting of agents at a mailbox of the workspace is another right: see `mailbox_reader`.
 */
export function mayRead(caller: AuthenticatedCaller): RawBuilder<boolean> {
  const inWorkspace = sql`m.workspace_id = ${caller.workspaceId}`;
  if (isAdministrator(caller) || managesInbox(caller)) return sql<boolean>`${inWorkspace}`;
  switch (caller.kind) {
    case "agent_user":
      return sql<boolean>`(${inWorkspace} and m.agent_user_id = ${caller.agentUserId}::uuid)`;
    case "person":
      return hasScope(caller, "mail:read")
        ? sql<boolean>`${inWorkspace}`
        : sql<boolean>`(${inWorkspace} and exists (select from mailbox_reader g where g.mailbox_id = m.id
            and (g.person_id = ${caller.personId}::uuid or g.role = any(${[...caller.roles]}::text[]))))`;
    default:
      return sql<boolean>`(${inWorkspace} and m.agent_user_id is null)`;
  }
}

/** Whether lists show what is in mailbox `m`, without its text and its codes. */
export const mayList = (caller: AuthenticatedCaller): RawBuilder<boolean> =>
  readsLists(caller) ? sql<boolean>`m.workspace_id = ${caller.workspaceId}` : mayRead(caller);
