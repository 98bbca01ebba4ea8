import { z } from "zod";

/** Whose the token is; an agent that asks for its own leaves this out. */
export const createMcpTokenBody = z
  .strictObject({
    agent_user: z.string().min(1).max(300).optional().describe("A username."),
    service_key: z.string().min(1).max(100).optional().describe("The name of a service key."),
  })
  .default({})
  .refine(
    (body) => body.agent_user === undefined || body.service_key === undefined,
    "Name an agent user or a service key, not both.",
  );

export const mcpToken = z.object({
  id: z.uuid(),
  owner: z.object({ kind: z.enum(["agent_user", "service_key"]), name: z.string() }),
  created_at: z.iso.datetime(),
});
export type McpTokenBody = z.infer<typeof mcpToken>;
/** The token itself is in this answer and in no other. */
export const createdMcpToken = mcpToken.extend({
  token: z.string().describe("Goes into the address: /mcp/{token}."),
});
export const mcpTokenList = z.object({ mcp_tokens: z.array(mcpToken) });
