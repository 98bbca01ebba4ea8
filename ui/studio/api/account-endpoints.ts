import type { z } from "zod";
import { agentUserList, type changeAgentUserBody } from "../../../plugin/api/agent-users.ts";
import {
  createdMcpToken,
  createdServiceKey,
  type createServiceKeyBody,
  mcpTokenList,
  modelKey,
  modelKeyList,
  type replaceModelKeyBody,
  serviceKeyList,
} from "../../../plugin/api/keys.ts";
import { createdProxyCredential, proxyCredentialList, proxyFacts } from "../../../plugin/api/proxy.ts";
import { request } from "./request.ts";

/** Agents' accounts, keys and tokens: apart from the others, because their schemas are not on the first view. */

/** Accounts and keys that a grant can name. */
export const listAgentUsers = () => request("/api/v1/agent-users", { answer: agentUserList });
export const listServiceKeys = () => request("/api/v1/keys", { answer: serviceKeyList });
export const createServiceKey = (body: z.input<typeof createServiceKeyBody>) =>
  request("/api/v1/keys", { method: "POST", body, answer: createdServiceKey });
export const rotateServiceKey = (id: string, overlap: number) =>
  request(`/api/v1/keys/${encodeURIComponent(id)}/rotate`, {
    method: "POST",
    body: { overlap },
    answer: createdServiceKey,
  });
export const revokeServiceKey = (id: string) =>
  request(`/api/v1/keys/${encodeURIComponent(id)}`, { method: "DELETE" });

const agentUserPath = (username: string) => `/api/v1/agent-users/${encodeURIComponent(username)}`;
/** Null if the agent has no account yet. It asks the list, because a 404 would be an error in the browser's log. */
export const findAgentUser = async (username: string) =>
  (await request(`/api/v1/agent-users?username=${encodeURIComponent(username)}`, { answer: agentUserList }))
    .agent_users[0] ?? null;
export const changeAgentUser = (username: string, body: z.input<typeof changeAgentUserBody>) =>
  request(agentUserPath(username), { method: "PATCH", body });
export const setAgentUserEnabled = (username: string, enabled: boolean) =>
  request(`${agentUserPath(username)}/${enabled ? "enable" : "disable"}`, { method: "POST" });

export const listModelKeys = () => request("/api/v1/model-keys", { answer: modelKeyList });
export interface NewModelKey {
  readonly name: string;
  readonly provider: string;
  readonly key: string;
  readonly base_url?: string;
}
/** The same with the workflows that name each. */
export const listModelKeyUses = () => request("/api/v1/model-keys?uses=true", { answer: modelKeyList });
const modelKeyPath = (name: string) => `/api/v1/model-keys/${encodeURIComponent(name)}`;
export const replaceModelKey = (name: string, body: z.input<typeof replaceModelKeyBody>) =>
  request(modelKeyPath(name), { method: "PUT", body });
export const removeModelKey = (name: string) => request(modelKeyPath(name), { method: "DELETE" });
export const createModelKey = (body: NewModelKey) =>
  request("/api/v1/model-keys", { method: "POST", body, answer: modelKey });

/** The tokens of all owners, oldest first. */
export const listMcpTokens = async () =>
  (await request("/api/v1/mcp-tokens", { answer: mcpTokenList })).mcp_tokens;
export const createMcpToken = (owner: { agent_user: string } | { service_key: string }) =>
  request("/api/v1/mcp-tokens", { method: "POST", body: owner, answer: createdMcpToken });
export const revokeMcpToken = (id: string) =>
  request(`/api/v1/mcp-tokens/${encodeURIComponent(id)}`, { method: "DELETE" });

/** What programs show to the proxy, oldest first. */
export const listProxyCredentials = async () =>
  (await request("/api/v1/proxy-credentials", { answer: proxyCredentialList })).proxy_credentials;
export const createProxyCredential = (agent_user: string) =>
  request("/api/v1/proxy-credentials", {
    method: "POST",
    body: { agent_user },
    answer: createdProxyCredential,
  });
export const revokeProxyCredential = (id: string) =>
  request(`/api/v1/proxy-credentials/${encodeURIComponent(id)}`, { method: "DELETE" });
export const readProxy = () => request("/api/v1/proxy", { answer: proxyFacts });
