import { z } from "zod";
import { defineTool } from "../define-node.ts";
import { toolHandle } from "../handles.ts";

/** A request to an outside server. Handles in it are replaced by their secrets. */
export const httpRequest = defineTool({
  type: "http_request",
  version: 1,
  kind: "tool",
  palette: {
    label: "HTTP Request",
    group: "Platform",
    icon: "send",
    description: "Calls an allowed address; fills in codes the model never sees.",
  },
  tool: {
    description:
      "Sends a request to an allowed address. A handle such as totem:code:… in a header or in the body is replaced by what it stands for, once.",
    repeatable: false,
  },
  ports: {
    inputs: [],
    outputs: [{ name: "response", type: "json", description: "The status and the body." }],
  },
  handles: [toolHandle],
  config: z.object({
    base_url: z.string().max(2_000).default("").meta({
      title: "Base URL",
      description: "Put before every address, where it is set. The operator's list of addresses decides.",
    }),
  }),
  input: z.object({
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
    url: z.string().min(1).max(2_000).describe("A whole address, or a path where a base URL is set."),
    headers: z.record(z.string().max(200), z.string().max(4_000)).default({}),
    body: z.unknown().optional().describe("JSON, or text with a content-type header of its own."),
  }),
  output: z.object({ success: z.literal(true), status: z.int(), body: z.unknown() }),
  errors: [
    "AGENT_NOT_CONNECTED",
    "AGENT_AMBIGUOUS",
    "AGENT_USER_NOT_FOUND",
    "ADDRESS_REFUSED",
    "HANDLE_REFUSED",
    "UPSTREAM_FAILED",
    "OUTCOME_UNKNOWN",
  ],
});
