import { z } from "zod";
import { defineTool, reasonField, revealCodeField, secretMark } from "../define-node.ts";
import { toolHandle } from "../handles.ts";
import { plainText } from "../plain-text.ts";

/** The current code of a vault entry, for a login to an outside service. */
export const vaultTotp = defineTool({
  type: "vault_totp",
  version: 1,
  kind: "tool",
  palette: {
    label: "Vault TOTP",
    group: "Vault",
    icon: "vault",
    description: "Gives the agent the code of an outside service.",
  },
  tool: {
    description:
      "Returns the current one-time code of a stored login, and how many seconds it lasts. Use it at once.",
    repeatable: true,
    hosted: true,
    mcp: { effect: "spends", agentScope: "codes:read", agentsOnly: true },
  },
  ports: {
    inputs: [],
    outputs: [{ name: "totp_code", type: "string", description: "JSON with the entry's name and the code." }],
  },
  handles: [toolHandle],
  shows: "vault_code",
  config: z.object({
    entry: z.string().max(200).default("").meta({
      title: "Entry",
      description: "The name of a vault entry its agent may read. Empty lets the agent name it.",
      format: "vault-entry",
    }),
    min_remaining: z.int().min(0).max(300).default(3).meta({
      title: "Seconds left",
      description: "With fewer left, the tool waits for the next code.",
    }),
    reveal: revealCodeField,
  }),
  input: z.object({
    name: plainText(200).default("").describe("The entry's name. Leave empty where one is set."),
    reason: reasonField,
  }),
  output: z.object({
    success: z.literal(true),
    name: z.string(),
    totp_code: z.string().meta(secretMark).describe("The code, or a handle for it."),
    expires_in: z.int().min(1).max(300).nullable().describe("Seconds; null for counter-based codes."),
    period: z.int().min(1).max(300).nullable().describe("Seconds."),
    backup_codes_remaining: z.int(),
    server_time: z.iso.datetime(),
  }),
  errors: [
    "AGENT_NOT_CONNECTED",
    "AGENT_AMBIGUOUS",
    "AGENT_USER_NOT_FOUND",
    "FORBIDDEN",
    "VAULT_ENTRY_NOT_FOUND",
    "VAULT_NAME_AMBIGUOUS",
    "VAULT_ENTRY_HAS_NO_CODES",
    "VAULT_ENTRY_EXPIRED",
    "VAULT_ENTRY_PENDING",
    "POLICY_REFUSED",
    "APPROVAL_NEEDED",
    "APPROVAL_DENIED",
    "APPROVAL_EXPIRED",
    "APPROVAL_WITHDRAWN",
    "CODE_IN_USE",
    "RATE_LIMITED",
  ],
});
