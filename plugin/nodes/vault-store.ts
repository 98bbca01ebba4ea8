import { z } from "zod";
import { defineTool, revealCodeField, secretMark } from "../define-node.ts";
import { toolHandle } from "../handles.ts";
import { plainText } from "../plain-text.ts";
import { credentialType, entryName } from "../vault-entry.ts";

/** Stores a login that the agent has just created, with its second factor, in the agent's own vault. */
export const vaultStore = defineTool({
  type: "vault_store",
  version: 1,
  kind: "tool",
  palette: {
    label: "Vault Store",
    group: "Vault",
    icon: "lock-keyhole",
    description: "Lets the agent store a login and its second factor.",
  },
  tool: {
    description:
      "Stores a login in your own vault. Give otpauth or qr_image to enrol a second factor: you get the first code to confirm it with. Set generate_password to have a password generated that you never see: you get a handle for it.",
    repeatable: false,
    mcp: { effect: "adds", agentScope: "vault:write", agentsOnly: true },
  },
  ports: {
    inputs: [],
    outputs: [
      { name: "entry", type: "string", description: "JSON with the entry's name and the first code." },
    ],
  },
  handles: [toolHandle],
  config: z.object({ reveal: revealCodeField }),
  input: z.object({
    name: entryName.describe("What to call it, such as github."),
    type: credentialType.default("LOGIN"),
    username: plainText(500).optional(),
    password: plainText(1_000).optional().meta(secretMark),
    generate_password: z.boolean().default(false).describe("Generate a strong password and store it."),
    url: plainText(2_000).optional().describe("The login page: the secrets may be sent to its site only."),
    origins: z
      .array(z.string().max(300))
      .max(20)
      .optional()
      .describe("Where the secrets may be sent, such as https://github.com. Absent: the site of url."),
    otpauth: z
      .string()
      .max(10_000)
      .optional()
      .meta(secretMark)
      .describe("The otpauth:// URI or the setup key of the second factor."),
    qr_image: z
      .string()
      .max(3_000_000)
      .optional()
      .meta(secretMark)
      .describe("The QR code of the second factor as a data URL: data:image/png;base64,… or image/jpeg."),
    backup_codes: z.array(plainText(100)).max(200).optional().meta(secretMark),
  }),
  output: z.object({
    success: z.literal(true),
    id: z.uuid(),
    name: z.string(),
    has_totp: z.boolean(),
    totp_code: z.string().optional().meta(secretMark).describe("The first code, to confirm with."),
    expires_in: z.int().nullable().optional(),
    password_handle: z
      .string()
      .optional()
      .describe("Stands for the password: HTTP Request puts it in once, in the next 15 minutes."),
    warnings: z.array(z.string()),
  }),
  errors: [
    "AGENT_NOT_CONNECTED",
    "AGENT_AMBIGUOUS",
    "AGENT_USER_NOT_FOUND",
    "AGENT_USER_DISABLED",
    "ENROLMENT_REFUSED",
    "VAULT_NAME_TAKEN",
    "INPUT_INVALID",
    "OUTCOME_UNKNOWN",
  ],
});
