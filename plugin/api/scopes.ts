import { z } from "zod";

/** What a principal may do. `admin` includes all others within its workspace. */
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
  "admin",
] as const;

export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;

/** What an agent user may be given. It starts with what its tools need, and without mail. */
export const agentScope = scope.extract([
  "codes:read",
  "vault:read",
  "vault:write",
  "workflows:read",
  "mail:read",
  "mail:manage",
]);
export type AgentScope = z.infer<typeof agentScope>;
