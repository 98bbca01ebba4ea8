import { z } from "zod";

/** What a caller may do. `admin` includes all others in its workspace. */
export const scopes = [
  "codes:read",
  "vault:read",
  "vault:write",
  "mail:read",
  "mail:manage",
  "mail:send",
  "workflows:read",
  "workflows:write",
  "runs:write",
  "audit:read",
  "hosts:call",
  "lists:read",
  "agent_users:manage",
  "keys:manage",
  "people:manage",
  "settings:manage",
  "admin",
] as const;

export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;

/** The scopes that an agent user can have. It starts with those that its tools need, and without mail. */
export const agentScope = scope.extract([
  "codes:read",
  "vault:read",
  "vault:write",
  "workflows:read",
  "mail:read",
  "mail:manage",
]);
export type AgentScope = z.infer<typeof agentScope>;
