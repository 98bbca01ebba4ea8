import type { FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { hasScope } from "../access/caller.ts";
import { describeAccount, type Here } from "../agent-api/account.ts";
import type { Tables } from "../database/tables.ts";
import { callerOf } from "../request/app.ts";

/** Who a request is to the room of MCP, which knows nothing of how people and programs sign in. */
export const mcpCallerOf = (db: Kysely<Tables>, here: Here) => (request: FastifyRequest) => {
  const caller = callerOf(request);
  return {
    vault: caller,
    inbox: caller,
    hasScope: (scope: Scope) => hasScope(caller, scope),
    agent: caller.kind === "agent_user" ? caller.location : undefined,
    describe: () => describeAccount(db, caller, here),
  };
};
