import type { FastifyRequest } from "fastify";
import { type AuthenticatedCaller, isAdministrator } from "../access/caller.ts";
import type { VaultCaller } from "../vault/vault-caller.ts";
import { callerOf } from "./app.ts";

/** Who a request is to the vault: an owner of entries of its own, and whether it administers the others' too. */
export function vaultCallerOf(request: FastifyRequest): VaultCaller {
  const caller = callerOf(request);
  const { workspaceId, actor } = caller;
  return { workspaceId, actor, admin: isAdministrator(caller), ...ownerOf(caller) };
}

function ownerOf(caller: AuthenticatedCaller): Pick<VaultCaller, "kind" | "id"> {
  switch (caller.kind) {
    case "agent_user":
      return { kind: "agent_user", id: caller.agentUserId };
    case "service_key":
      return caller.keyId === undefined
        ? { kind: "administrator", id: caller.workspaceId }
        : { kind: "service_key", id: caller.keyId };
    case "host":
      return { kind: "service_key", id: caller.keyId };
    case "person":
      return { kind: "administrator", id: caller.workspaceId };
  }
}
