import { z } from "zod";
import { createdMcpToken, createMcpTokenBody, mcpTokenList } from "../../../plugin/api/keys.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { type Access, requireScopes } from "../../access/authorize.ts";
import type { Caller } from "../../access/caller.ts";
import type { McpTokens } from "../../access/mcp-tokens.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface McpTokenRouteParts {
  readonly mcpTokens: McpTokens;
}

/** An administrator for everybody, an agent user for itself. */
const ownOrAdmin: { access: Access } = { access: { may: "anyone", agent: "key" } };
const tags = ["mcp"];

function whoseOf(caller: Caller) {
  requireScopes(caller, ["admin"]);
  const { workspaceId } = caller;
  return caller.kind === "agent_user" ? { workspaceId, agentUserId: caller.agentUserId } : { workspaceId };
}

export function mcpTokenRoutes(app: App, { mcpTokens }: McpTokenRouteParts): void {
  app.get(
    "/api/v1/mcp-tokens",
    {
      config: ownOrAdmin,
      schema: {
        tags,
        summary: "List the tokens of addresses, without the tokens",
        response: { 200: mcpTokenList },
      },
    },
    async (request) => ({ mcp_tokens: await mcpTokens.list(whoseOf(callerOf(request))) }),
  );

  app.post(
    "/api/v1/mcp-tokens",
    {
      config: ownOrAdmin,
      schema: {
        tags,
        summary: "Make a token for the address /mcp/{token}; it is shown once",
        description: "It acts as its owner. An agent user makes its own; an administrator says whose it is.",
        body: createMcpTokenBody,
        response: { 201: createdMcpToken },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId, actor } = caller;
      requireScopes(caller, ["admin"]);
      const { agent_user: agentUser, service_key: serviceKey } = request.body;
      return reply
        .status(201)
        .send(await mcpTokens.create(ownerOf(caller, agentUser, serviceKey), { workspaceId, actor }));
    },
  );

  app.delete(
    "/api/v1/mcp-tokens/:id",
    {
      config: ownOrAdmin,
      schema: {
        tags,
        summary: "Revoke a token",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { actor } = caller;
      await mcpTokens.revoke(request.params.id, whoseOf(caller), actor);
      return reply.status(204).send(null);
    },
  );
}

function ownerOf(caller: Caller, agentUser: string | undefined, serviceKey: string | undefined) {
  if (caller.kind === "agent_user") {
    if (serviceKey !== undefined || (agentUser !== undefined && agentUser !== caller.name))
      throw new PluginError("FORBIDDEN");
    return { agentUserId: caller.agentUserId };
  }
  if (agentUser !== undefined) return { agentUser };
  if (serviceKey !== undefined) return { serviceKey };
  throw new PluginError("INPUT_INVALID", {
    fields: [{ field: "agent_user", problem: "Name an agent user, or a service_key." }],
  });
}
