import { agentUserList } from "../../../plugin/api/agent-users.ts";
import {
  createdMcpToken,
  mcpTokenList,
  modelKey,
  modelKeyList,
  serviceKeyList,
} from "../../../plugin/api/keys.ts";
import { request } from "./request.ts";

/** Agents' accounts, keys and tokens: apart from the others, because their schemas are not on the first view. */

/** Accounts and keys that a grant can name. */
export const listAgentUsers = () => request("/api/v1/agent-users", { answer: agentUserList });
export const listServiceKeys = () => request("/api/v1/keys", { answer: serviceKeyList });
export const revokeServiceKey = (id: string) =>
  request(`/api/v1/keys/${encodeURIComponent(id)}`, { method: "DELETE" });

const agentUserPath = (username: string) => `/api/v1/agent-users/${encodeURIComponent(username)}`;
/** Null if the agent has no account yet. It asks the list, because a 404 would be an error in the browser's log. */
export const findAgentUser = async (username: string) =>
  (await request(`/api/v1/agent-users?username=${encodeURIComponent(username)}`, { answer: agentUserList }))
    .agent_users[0] ?? null;
export const setAgentUserEnabled = (username: string, enabled: boolean) =>
  request(`${agentUserPath(username)}/${enabled ? "enable" : "disable"}`, { method: "POST" });

export const listModelKeys = () => request("/api/v1/model-keys", { answer: modelKeyList });
export interface NewModelKey {
  readonly name: string;
  readonly provider: string;
  readonly key: string;
  readonly base_url?: string;
}
export const createModelKey = (body: NewModelKey) =>
  request("/api/v1/model-keys", { method: "POST", body, answer: modelKey });

/** The tokens of one agent user, oldest first. */
export const listMcpTokens = async (username: string) =>
  (await request("/api/v1/mcp-tokens", { answer: mcpTokenList })).mcp_tokens.filter(
    ({ owner }) => owner.kind === "agent_user" && owner.name === username,
  );
export const createMcpToken = (username: string) =>
  request("/api/v1/mcp-tokens", { method: "POST", body: { agent_user: username }, answer: createdMcpToken });
export const revokeMcpToken = (id: string) =>
  request(`/api/v1/mcp-tokens/${encodeURIComponent(id)}`, { method: "DELETE" });
