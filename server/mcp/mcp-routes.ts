import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { PluginError } from "../../plugin/plugin-error.ts";
import { callerOf } from "../request/app.ts";
import { accessEnded, goneSignal } from "../request/reply.ts";
import type { McpEndpoint } from "./mcp-endpoint.ts";
import type { McpServerParts } from "./mcp-server.ts";

const doors = [
  { url: "/mcp", access: { may: "anyone", agent: "key", lasting: false } },
  // For hosts that cannot set headers. The token opens what its owner's key opens, and only at this address.
  { url: "/mcp/:token", access: { may: "anyone", agent: "key", pathToken: "token", lasting: false } },
] as const;

/** The only headers the protocol reads. The key is not among them. */
const passedOn = ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name"];

/** The Model Context Protocol over streamable HTTP. The rest is loaded with the first request. */
export function mcpRoutes(parts: McpServerParts, app: FastifyInstance): void {
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
        // The limit would count a list of messages as one call. The protocol no longer has lists.
        if (Array.isArray(request.body))
          throw new PluginError("INPUT_INVALID", { message: "Send one JSON-RPC message at a time." });
        const response = await (await open()).serve({
          request: toWebRequest(request, goneSignal(reply)),
          body: request.body,
          caller: callerOf(request),
        });
        if (request.ended?.aborted) throw accessEnded();
        reply.status(response.status);
        const type = response.headers.get("content-type");
        if (type !== null) reply.header("content-type", type);
        const allow = response.headers.get("allow");
        if (allow !== null) reply.header("allow", allow);
        return reply.send(response.body ? Readable.fromWeb(response.body as ReadableStream) : "");
      },
    });
  }
}

/** Always the same address: a token in the request's address goes no further. */
function toWebRequest(request: FastifyRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const body = request.method === "POST" ? JSON.stringify(request.body ?? null) : null;
  return new Request("http://totem/mcp", { method: request.method, headers, body, signal });
}
