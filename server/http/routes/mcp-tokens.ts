import { z } from "zod";
import { createdMcpToken, createMcpTokenBody, mcpTokenList } from "../../../plugin/api/keys.ts";
import type { Access } from "../../access/authorize.ts";
import type { McpTokens } from "../../access/mcp-tokens.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface McpTokenRouteParts {
  readonly mcpTokens: McpTokens;
}

/** An agent user for itself; for others the room asks for the scope that fits the owner. */
const own: { access: Access } = { access: { may: "anyone", agent: "key", lasting: false } };
const ownFresh: { access: Access } = { access: { ...own.access, fresh: true, lasting: true } };
const tags = ["mcp"];

export function mcpTokenRoutes(app: App, { mcpTokens }: McpTokenRouteParts): void {
  app.get(
    "/api/v1/mcp-tokens",
    {
      config: own,
      schema: {
        tags,
        summary: "List the tokens of addresses, without the tokens",
        response: { 200: mcpTokenList },
      },
    },
    async (request) => ({ mcp_tokens: await mcpTokens.list(callerOf(request)) }),
  );

  app.post(
    "/api/v1/mcp-tokens",
    {
      config: ownFresh,
      schema: {
        tags,
        summary: "Make a token for the address /mcp/{token}; it is shown once",
        description:
          "It acts as its owner. An agent user makes its own; others say whose it is, and may make none that may more than they.",
        body: createMcpTokenBody,
        response: { 201: createdMcpToken },
      },
    },
    async (request, reply) => {
      const { agent_user: agentUser, service_key: serviceKey } = request.body;
      return reply.status(201).send(await mcpTokens.create(callerOf(request), { agentUser, serviceKey }));
    },
  );

  app.delete(
    "/api/v1/mcp-tokens/:id",
    {
      config: own,
      schema: {
        tags,
        summary: "Revoke a token",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await mcpTokens.revoke(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
