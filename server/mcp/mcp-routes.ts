import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { McpCaller } from "./mcp-caller.ts";
import type { McpEndpoint } from "./mcp-endpoint.ts";
import type { McpServerParts } from "./mcp-server.ts";

export interface McpRouteParts extends McpServerParts {
  /** Who sends a request, once authentication has found it. */
  readonly callerOf: (request: FastifyRequest) => McpCaller;
  /** Ends when whoever asked is gone. */
  readonly goneSignal: (reply: FastifyReply) => AbortSignal;
}

const doors = [
  { url: "/mcp", access: { may: "anyone", agent: "key" } },
  // For hosts that cannot set headers. What the token opens is what its owner's key opens, here only.
  { url: "/mcp/:token", access: { may: "anyone", agent: "key", pathToken: "token" } },
] as const;

/** All the protocol reads of a request's headers. The key is not among them. */
const passedOn = ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"];

/** The Model Context Protocol over streamable HTTP. Hosts that never ask cost nothing: the rest is loaded then. */
export const mcpRoutes =
  (parts: McpRouteParts) =>
  (app: FastifyInstance): void => {
    let endpoint: Promise<McpEndpoint> | undefined;
    const open = (): Promise<McpEndpoint> => {
      endpoint ??= import("./mcp-endpoint.ts").then(({ createMcpEndpoint }) => createMcpEndpoint(parts));
      return endpoint;
    };
    app.addHook("onClose", async () => (await endpoint)?.close());

    for (const { url, access } of doors) {
      app.route({
        method: ["GET", "POST", "DELETE"],
        url,
        config: { access },
        schema: {
          tags: ["mcp"],
          summary: "The Model Context Protocol over streamable HTTP, without sessions",
        },
        handler: async (request, reply) => {
          // A list of messages is many calls that the limit would count as one; the protocol has none any more.
          if (Array.isArray(request.body))
            throw new PluginError("INPUT_INVALID", { message: "Send one JSON-RPC message at a time." });
          const response = await (await open()).serve({
            request: toWebRequest(request, parts.goneSignal(reply)),
            body: request.body,
            caller: parts.callerOf(request),
          });
          reply.status(response.status);
          const type = response.headers.get("content-type");
          if (type !== null) reply.header("content-type", type);
          const allow = response.headers.get("allow");
          if (allow !== null) reply.header("allow", allow);
          return reply.send(response.body ? Readable.fromWeb(response.body as ReadableStream) : "");
        },
      });
    }
  };

/** The address is ours, whatever was asked: a token in it goes no further. */
function toWebRequest(request: FastifyRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const body = request.method === "POST" ? JSON.stringify(request.body ?? null) : null;
  return new Request("http://totem/mcp", { method: request.method, headers, body, signal });
}
