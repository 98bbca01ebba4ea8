import { createMcpHandler } from "@modelcontextprotocol/server";
import type { McpCaller } from "./mcp-caller.ts";
import { createMcpServers, type McpServerParts } from "./mcp-server.ts";

export interface McpEndpoint {
  readonly serve: (message: {
    readonly request: Request;
    /** What the request's body says, parsed. */
    readonly body: unknown;
    readonly caller: McpCaller;
  }) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** Speaks the protocol, of 2026 and of 2025, and gives every request a server for its own caller. */
export function createMcpEndpoint(parts: McpServerParts): McpEndpoint {
  const createServer = createMcpServers(parts);
  // The handler hands `extra` to the factory of the very same request, and to nothing else.
  const handler = createMcpHandler(({ authInfo }) => createServer(authInfo?.extra?.caller as McpCaller), {
    // Nothing here ever changes while somebody listens.
    maxSubscriptions: 0,
  });
  return {
    serve: ({ request, body, caller }) =>
      handler.fetch(request, {
        parsedBody: body,
        authInfo: { token: "", clientId: caller.vault.id, scopes: [], extra: { caller } },
      }),
    close: () => handler.close(),
  };
}
