import type { FastifyRequest } from "fastify";
import { hasScope, isAdministrator, ownerOf } from "../access/caller.ts";
import type { InboxCaller } from "../inbox/inbox-caller.ts";
import { callerOf } from "./app.ts";

/** Who a request is to the inbox. */
export function inboxCallerOf(request: FastifyRequest): InboxCaller {
  const caller = callerOf(request);
  const { workspaceId, actor, name } = caller;
  const mayManage = hasScope(caller, "mail:manage");
  return { workspaceId, actor, name, admin: isAdministrator(caller), mayManage, ...ownerOf(caller) };
}
