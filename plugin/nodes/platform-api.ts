import { z } from "zod";
import { defineTool } from "../define-node.ts";
import { toolHandle } from "../handles.ts";

/** Calls Totem's own API as the agent. The executor adds the key and the session, so the model never has them. */
export const platformApi = defineTool({
  type: "platform_api",
  version: 1,
  kind: "tool",
  palette: {
    label: "Platform API",
    group: "Platform",
    icon: "globe",
    description: "Lets the agent call an API as itself.",
  },
  tool: {
    description:
      "Call the platform's API as yourself. Credentials are added for you. Example: GET /api/v1/whoami.",
    repeatable: false,
    actsWithSession: true,
    mcp: { effect: "acts", agentsOnly: true },
  },
  ports: {
    inputs: [],
    outputs: [{ name: "response", type: "json", description: "The status and the body." }],
  },
  handles: [toolHandle],
  config: z.object({
    base_url: z.string().max(2_000).default("").meta({
      title: "Base URL",
      description:
        "Empty means this server. Others must be on the operator's allow-list and get no credentials.",
    }),
  }),
  input: z.object({
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
    path: z.string().min(1).max(2_000).describe("Starts with /, for example /api/v1/whoami."),
    body: z.unknown().optional().describe("JSON, for POST, PUT and PATCH."),
  }),
  output: z.object({ success: z.literal(true), status: z.int(), body: z.unknown() }),
  errors: [
    "AGENT_NOT_CONNECTED",
    "AGENT_AMBIGUOUS",
    "AGENT_USER_NOT_FOUND",
    "AGENT_USER_DISABLED",
    "ADDRESS_REFUSED",
    "SECRET_NOT_FOR_ORIGIN",
    "REACH_REFUSED",
    "REACH_RATE_LIMITED",
    "UPSTREAM_FAILED",
    "OUTCOME_UNKNOWN",
  ],
});
