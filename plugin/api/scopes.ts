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
  "admin",
] as const;

export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;
