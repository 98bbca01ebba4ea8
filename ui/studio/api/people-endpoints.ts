import { agentUserList } from "../../../plugin/api/agent-users.ts";
import { serviceKeyList } from "../../../plugin/api/keys.ts";
import { request } from "./request.ts";

/** Those to whom something can be granted, by name. */
export const listAgentUsers = () => request("/api/v1/agent-users", { answer: agentUserList });
export const listServiceKeys = () => request("/api/v1/keys", { answer: serviceKeyList });
