import { createHash, randomBytes } from "node:crypto";

/** 256 random bits behind a prefix that says whose they are. */
export const newBearerToken = (
  kind: "key" | "agent" | "session" | "link" | "mcp" | "invitation" | "workload" | "proxy",
): string => `totem_${kind}_${randomBytes(32).toString("base64url")}`;

/** The stored hash that finds a token. The token has 256 random bits, so a plain hash is enough. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");
