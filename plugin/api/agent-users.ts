import { z } from "zod";
import { agentScope, scope } from "./scopes.ts";

/** An agent user for all callers except the agent itself. It says that secrets exist, never what they are. */
export const agentUserBody = z.object({
  username: z.string(),
  purpose: z.string(),
  host: z.string(),
  host_instance: z.string(),
  workflow_id: z.string(),
  agent_node_id: z.string(),
  scopes: z.array(scope),
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

export const changeAgentUserBody = z.strictObject({
  scopes: z
    .array(agentScope)
    .max(20)
    .transform((scopes) => [...new Set(scopes)])
    .describe("All it may do from now on: the list replaces the one before."),
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
