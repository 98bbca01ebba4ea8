import { createHash, randomBytes } from "node:crypto";

/** 256 random bits behind a prefix that says whose they are. */
export const newBearerToken = (kind: "key" | "agent" | "session" | "link" | "mcp"): string =>
  `totem_${kind}_${randomBytes(32).toString("base64url")}`;

/** What is stored to look a token up by. The token has 256 bits of its own, so a plain hash is enough. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");
