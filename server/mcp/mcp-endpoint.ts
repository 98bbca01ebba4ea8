import { createMcpHandler } from "@modelcontextprotocol/server";
import { z } from "zod";
import { type AuthenticatedCaller, ownerOf } from "../access/caller.ts";
import { createMcpServers, type McpServerParts } from "./mcp-server.ts";

export interface McpEndpoint {
  readonly serve: (message: {
    readonly request: Request;
    /** What the request's body says, parsed. */
    readonly body: unknown;
    readonly caller: AuthenticatedCaller;
  }) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** Speaks the protocol, of 2026 and of 2025, and gives every request a server for its own caller. */
export function createMcpEndpoint(parts: McpServerParts): McpEndpoint {
  const createServer = createMcpServers(parts);
  // The handler hands `extra` to the factory of the very same request, and to nothing else.
  const handler = createMcpHandler(
    ({ authInfo }) => createServer(authInfo?.extra?.caller as AuthenticatedCaller),
    {
      // Nothing here ever changes, so there is nothing to subscribe to.
      maxSubscriptions: 0,
    },
  );
  const inFlight = createCallsInFlight();
  return {
    serve: async ({ request, body, caller }) => {
      const authInfo = { token: "", clientId: ownerOf(caller).id, scopes: [], extra: { caller } };
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

/** The same answer; calls `end` when its last part was read or the reader has left. */
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

const requestId = z.union([z.string(), z.number()]);
const call = z.looseObject({ method: z.literal("tools/call"), id: requestId });
const cancellation = z.looseObject({
  method: z.literal("notifications/cancelled"),
  params: z.looseObject({ requestId }),
});

/**
 * Calls that are being answered, by caller. Hosts of the 2025 protocol cancel a call with a message of its own, which
 * shares only the key and a number with the call; those of 2026 end the call's connection.
 */
function createCallsInFlight() {
  const calls = new Map<string, Set<AbortController>>();
  const nameOf = (caller: AuthenticatedCaller, id: string | number): string => {
    const owner = ownerOf(caller);
    return JSON.stringify([caller.workspaceId, owner.kind, owner.id, id]);
  };

  return {
    /** Remembers a call until its answer is over. Other messages are no calls: undefined. */
    begin(body: unknown, caller: AuthenticatedCaller): { signal: AbortSignal; end: () => void } | undefined {
      const { data } = call.safeParse(body);
      if (!data) return undefined;
      const name = nameOf(caller, data.id);
      const controller = new AbortController();
      const same = calls.get(name) ?? new Set();
      calls.set(name, same.add(controller));
      return {
        signal: controller.signal,
        end: () => {
          same.delete(controller);
          if (same.size === 0 && calls.get(name) === same) calls.delete(name);
        },
      };
    },

    /** Two programs with one key may use the same number. Then the meant call is not known, and none is ended. */
    cancel(body: unknown, caller: AuthenticatedCaller): void {
      const { data } = cancellation.safeParse(body);
      const named = data && calls.get(nameOf(caller, data.params.requestId));
      if (named?.size === 1) for (const controller of named) controller.abort();
    },
  };
}
