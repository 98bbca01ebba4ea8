import { type RawBuilder, sql } from "kysely";
import { type AuthenticatedCaller, isAdministrator } from "../access/caller.ts";

/**
 * Whether the caller may read what is in mailbox `m`: an agent reads its own mailbox, a program those of the
 * workspace, an administrator all. Waiting at a mailbox of the workspace is another right: see `mailbox_reader`.
 */
export function mayRead(caller: AuthenticatedCaller): RawBuilder<boolean> {
  const inWorkspace = sql`m.workspace_id = ${caller.workspaceId}`;
  if (isAdministrator(caller)) return sql<boolean>`${inWorkspace}`;
  return caller.kind === "agent_user"
    ? sql<boolean>`(${inWorkspace} and m.agent_user_id = ${caller.agentUserId}::uuid)`
    : sql<boolean>`(${inWorkspace} and m.agent_user_id is null)`;
}
