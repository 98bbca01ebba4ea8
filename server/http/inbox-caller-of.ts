import type { FastifyRequest } from "fastify";
import type { InboxCaller } from "../inbox/inbox-caller.ts";
import { callerOf } from "./access.ts";
import { hasScope } from "./principal.ts";
import { vaultCallerOf } from "./vault-caller-of.ts";

/** Who a request is to the inbox. */
export function inboxCallerOf(request: FastifyRequest): InboxCaller {
  const { workspaceId, actor, admin, kind, id } = vaultCallerOf(request);
  const { principal } = callerOf(request);
  const mayManage = hasScope(principal, "mail:manage");
  return { workspaceId, actor, admin, kind, id, name: principal.name, mayManage };
}
