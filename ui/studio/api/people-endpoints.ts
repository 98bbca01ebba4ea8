import { agentUserList } from "../../../plugin/api/agent-users.ts";
import { serviceKeyList } from "../../../plugin/api/keys.ts";
import { request } from "./request.ts";

/** Those to whom something can be granted, by name. */
export const listAgentUsers = () => request("/api/v1/agent-users", { answer: agentUserList });
export const listServiceKeys = () => request("/api/v1/keys", { answer: serviceKeyList });
export const revokeServiceKey = (id: string) =>
  request(`/api/v1/keys/${encodeURIComponent(id)}`, { method: "DELETE" });

const agentUserPath = (username: string) => `/api/v1/agent-users/${encodeURIComponent(username)}`;
/** Null where the agent has no account yet: asked of the list, since a 404 would be an error in the browser's log. */
export const findAgentUser = async (username: string) =>
  (await request(`/api/v1/agent-users?username=${encodeURIComponent(username)}`, { answer: agentUserList }))
    .agent_users[0] ?? null;
export const setAgentUserEnabled = (username: string, enabled: boolean) =>
  request(`${agentUserPath(username)}/${enabled ? "enable" : "disable"}`, { method: "POST" });
