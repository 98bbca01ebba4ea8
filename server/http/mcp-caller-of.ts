import type { FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import type { Tables } from "../database/tables.ts";
import { principalOf } from "./access.ts";
import { describeAccount, type Here } from "./describe-account.ts";
import { inboxCallerOf } from "./inbox-caller-of.ts";
import { hasScope } from "./principal.ts";
import { vaultCallerOf } from "./vault-caller-of.ts";

/** Who a request is to the room of MCP, which knows nothing of how people and programs sign in. */
export const mcpCallerOf = (db: Kysely<Tables>, here: Here) => (request: FastifyRequest) => {
  const principal = principalOf(request);
  return {
    vault: vaultCallerOf(request),
    inbox: inboxCallerOf(request),
    hasScope: (scope: Scope) => hasScope(principal, scope),
    agent: principal.kind === "agent_user" ? principal : undefined,
    describe: () => describeAccount(db, principal, here),
  };
};
