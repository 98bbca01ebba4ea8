import type { FastifyRequest } from "fastify";
import type { VaultCaller } from "../vault/vault-caller.ts";
import { callerOf } from "./access.ts";
import { hasScope, type Principal } from "./principal.ts";

/** Who a request is to the vault: an owner of entries of its own, and whether it administers the others' too. */
export function vaultCallerOf(request: FastifyRequest): VaultCaller {
  const { workspaceId, actor, principal } = callerOf(request);
  return { workspaceId, actor, admin: hasScope(principal, "admin"), ...ownerOf(principal) };
}

function ownerOf(principal: Principal): Pick<VaultCaller, "kind" | "id"> {
  switch (principal.kind) {
    case "agent_user":
      return { kind: "agent_user", id: principal.agentUserId };
    case "service_key":
      return principal.keyId === undefined
        ? { kind: "administrator", id: principal.workspaceId }
        : { kind: "service_key", id: principal.keyId };
    case "person":
      return { kind: "administrator", id: principal.workspaceId };
  }
}
