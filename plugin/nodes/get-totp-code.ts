import { z } from "zod";
import { defineTool, reasonField, revealCodeField, secretMark } from "../define-node.ts";
import { toolHandle } from "../handles.ts";
import { plainText } from "../plain-text.ts";

/** The agent's own current one-time code (RFC 6238). */
export const getTotpCode = defineTool({
  type: "get_totp_code",
  version: 1,
  kind: "tool",
  palette: {
    label: "Get TOTP Code",
    group: "Identity",
    icon: "key-round",
    description: "Gives the agent its own current code.",
  },
  tool: {
    description: "Returns your current one-time code and how many seconds it lasts.",
    repeatable: true,
    hosted: true,
    mcp: { effect: "reads", agentScope: "codes:read" },
  },
  ports: {
    inputs: [],
    outputs: [{ name: "totp_code", type: "string", description: "JSON with the username and the code." }],
  },
  handles: [toolHandle],
  shows: "code",
  config: z.object({ reveal: revealCodeField }),
  input: z.object({
    // The model sends it, so it proves nothing. Another agent's name is accepted only under a grant.
    username: plainText(300).default("").describe("Leave empty for your own code."),
    reason: reasonField,
  }),
  output: z.object({
    success: z.literal(true),
    username: z.string(),
    totp_code: z.string().meta(secretMark).describe("The code, or a handle for it."),
    expires_in: z.int().min(1).max(300).describe("Seconds, 1 to period."),
    period: z.int().min(1).max(300).describe("Seconds."),
  }),
  errors: [
    "AGENT_NOT_CONNECTED",
    "AGENT_AMBIGUOUS",
    "AGENT_USER_NOT_FOUND",
    "AGENT_USER_DISABLED",
    "FORBIDDEN",
    "APPROVAL_NEEDED",
    "APPROVAL_DENIED",
    "APPROVAL_EXPIRED",
    "APPROVAL_WITHDRAWN",
  ],
});
