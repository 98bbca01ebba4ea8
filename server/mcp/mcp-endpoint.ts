import { createMcpHandler } from "@modelcontextprotocol/server";
import { ownerOf } from "../access/caller.ts";
import { createCallsInFlight } from "./calls-in-flight.ts";
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
  const inFlight = createCallsInFlight();
  return {
    serve: async ({ request, body, caller }) => {
      const authInfo = { token: "", clientId: ownerOf(caller.vault).id, scopes: [], extra: { caller } };
      inFlight.cancel(body, caller);
      const call = inFlight.begin(body, caller);
      if (!call) return handler.fetch(request, { parsedBody: body, authInfo });
      const signal = AbortSignal.any([request.signal, call.signal]);
      try {
        const response = await handler.fetch(new Request(request, { signal }), {
          parsedBody: body,
          authInfo,
        });
        return onceRead(response, call.end);
      } catch (error) {
        call.end();
        throw error;
      }
    },
    close: () => handler.close(),
  };
}

/** The same answer, and a word when the last of it was read or nobody reads on. */
function onceRead(response: Response, end: () => void): Response {
  if (!response.body) {
    end();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await reader.read().catch((error: unknown) => {
        end();
        throw error;
      });
      if (!done) return controller.enqueue(value);
      end();
      controller.close();
    },
    cancel: (reason) => {
      end();
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
