import { z } from "zod";
import { defineTool, reasonField } from "../define-node.ts";
import { toolHandle } from "../handles.ts";

/** A request to an outside server. Handles and names of secrets in it are replaced when it is sent. */
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
      "Sends a request to an allowed address. Where a secret belongs, write its name: {{vault.github.token}} is the field token of your vault entry github, {{vault.github.code}} its one-time code of this moment; quote a name with dots: {{vault.'api.example.com'.token}}. The header authorization may hold Bearer {{vault.github.token}} or Basic {{vault.github.username}}:{{vault.github.password}}. Names, and handles such as totem:code:…, may stand in a header, in the query and in the texts of the body. They are replaced when the request is sent, only towards the origins of the entry, and taken out of the answer.",
    repeatable: false,
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
      description: "Put before every address, where it is set. The operator's list of addresses decides.",
    }),
  }),
  input: z.object({
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
    url: z.string().min(1).max(2_000).describe("A whole address, or a path where a base URL is set."),
    headers: z.record(z.string().max(200), z.string().max(4_000)).default({}),
    body: z.unknown().optional().describe("JSON, or text with a content-type header of its own."),
    reason: reasonField,
  }),
  output: z.object({ success: z.literal(true), status: z.int(), body: z.unknown() }),
  errors: [
    "AGENT_NOT_CONNECTED",
    "AGENT_AMBIGUOUS",
    "AGENT_USER_NOT_FOUND",
    "ADDRESS_REFUSED",
    "REACH_REFUSED",
    "REACH_RATE_LIMITED",
    "HANDLE_REFUSED",
    "SECRET_MISPLACED",
    "SECRET_FIELD_UNKNOWN",
    "SECRET_NOT_FOR_ORIGIN",
    "VAULT_ENTRY_NOT_FOUND",
    "VAULT_NAME_AMBIGUOUS",
    "VAULT_ENTRY_HAS_NO_CODES",
    "VAULT_ENTRY_EXPIRED",
    "VAULT_ENTRY_PENDING",
    "POLICY_REFUSED",
    "CODE_IN_USE",
    "RATE_LIMITED",
    "APPROVAL_NEEDED",
    "APPROVAL_DENIED",
    "APPROVAL_EXPIRED",
    "APPROVAL_WITHDRAWN",
    "UPSTREAM_FAILED",
    "OUTCOME_UNKNOWN",
  ],
});
