import type { FastifyRequest } from "fastify";
import { hasScope } from "../access/caller.ts";
import type { InboxCaller } from "../inbox/inbox-caller.ts";
import { callerOf } from "./app.ts";
import { vaultCallerOf } from "./vault-caller-of.ts";

/** Who a request is to the inbox. */
export function inboxCallerOf(request: FastifyRequest): InboxCaller {
  const { workspaceId, actor, admin, kind, id } = vaultCallerOf(request);
  const caller = callerOf(request);
  const mayManage = hasScope(caller, "mail:manage");
  return { workspaceId, actor, admin, kind, id, name: caller.name, mayManage };
}
