import { createdMcpToken, mcpTokenList } from "../../../plugin/api/mcp-tokens.ts";
import { request } from "./request.ts";

/** Those of one agent user, oldest first. */
export const listMcpTokens = async (username: string) =>
  (await request("/api/v1/mcp-tokens", { answer: mcpTokenList })).mcp_tokens.filter(
    ({ owner }) => owner.kind === "agent_user" && owner.name === username,
  );
export const createMcpToken = (username: string) =>
  request("/api/v1/mcp-tokens", { method: "POST", body: { agent_user: username }, answer: createdMcpToken });
export const revokeMcpToken = (id: string) =>
  request(`/api/v1/mcp-tokens/${encodeURIComponent(id)}`, { method: "DELETE" });
