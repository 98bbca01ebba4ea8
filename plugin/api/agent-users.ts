import { z } from "zod";
import { type AgentScope, agentScope, scope } from "./scopes.ts";

/** An agent user for all callers except the agent itself. It says that secrets exist, never what they are. */
export const agentUserBody = z.object({
  username: z.string(),
  purpose: z.string(),
  host: z.string(),
  host_instance: z.string(),
  workflow_id: z.string(),
  agent_node_id: z.string(),
  scopes: z.array(scope),
  mcp_tools: z.array(z.string()).describe("The tools it has over MCP besides those wired to it."),
  has_secret: z.literal(true),
  algorithm: z.string(),
  digits: z.int(),
  period: z.int(),
  disabled: z.boolean(),
  disabled_because: z.enum(["operator", "node_deleted", "workflow_deleted"]).nullable(),
  locked_until: z.iso.datetime().nullable(),
  api_key_expires_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});
export type AgentUserBody = z.infer<typeof agentUserBody>;
export const agentUserList = z.object({ agent_users: z.array(agentUserBody) });

/**
 * The tools that an agent can have over MCP besides those wired to it, and what each shows the model. Their scope is
 * needed too.
 */
export const grantableMcpTools = {
  vault_list: { scope: "vault:read", shows: "Names of vault entries." },
  vault_get: { scope: "vault:open", shows: "The model and its provider read data, such as passwords." },
  vault_totp: { scope: "codes:read", shows: "The model and its provider read the code." },
  vault_totp_use_backup: { scope: "vault:backup", shows: "The model and its provider read a backup code." },
  vault_store: { scope: "vault:write", shows: "The model stores logins, and replaces its own." },
  vault_delete: { scope: "vault:delete", shows: "The model deletes entries for good." },
  mail_list_messages: { scope: "mail:read", shows: "Senders and subjects, with codes hidden." },
  mail_get_message: { scope: "mail:read", shows: "The model and its provider read mail." },
  mail_update_labels: { scope: "mail:manage", shows: "Labels of messages." },
  mail_delete_message: { scope: "mail:manage", shows: "The model deletes messages for good." },
  mail_list_threads: { scope: "mail:read", shows: "Threads, with codes hidden." },
  mail_get_thread: { scope: "mail:read", shows: "The model and its provider read mail." },
  wait_for_code: { scope: "codes:read", shows: "The model and its provider read the code that arrives." },
  identity_whoami: { scope: null, shows: "The name and the scopes of this account." },
} as const satisfies Readonly<Record<string, { readonly scope: AgentScope | null; readonly shows: string }>>;
export type GrantableMcpTool = keyof typeof grantableMcpTools;
const grantableMcpTool = z.enum(Object.keys(grantableMcpTools) as [GrantableMcpTool, ...GrantableMcpTool[]]);

const eachOnce = <T>(list: readonly T[]): T[] => [...new Set(list)];

export const changeAgentUserBody = z.strictObject({
  scopes: z
    .array(agentScope)
    .max(20)
    .transform(eachOnce)
    .optional()
    .describe("All it may do from now on: the list replaces the one before. Absent: as it was."),
  mcp_tools: z
    .array(grantableMcpTool)
    .max(50)
    .transform(eachOnce)
    .optional()
    .describe(
      "All it has over MCP besides the tools wired to it. Each needs its scope too. Absent: as it was.",
    ),
});

export const verifyBody = z.object({ code: z.string().max(64) });
export const verifyAnswer = z.object({ valid: z.literal(true) });

export const rotateKeyBody = z
  .object({
    expires_in: z
      .int()
      .min(60)
      .max(31_536_000)
      .optional()
      .describe("Seconds until the new key expires; absent means never."),
  })
  .default({});

export const grantBody = z.object({
  reader: z.string().min(1).max(300).describe("Username of the agent user that may read the codes."),
});
export const grant = z.object({
  id: z.uuid(),
  username: z.string(),
  reader: z.string(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
});
export const grantList = z.object({ grants: z.array(grant) });
