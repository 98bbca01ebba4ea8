import { hostWorkflowChange, hostWorkflowList } from "../../../plugin/api/host-calls.ts";
import { createdServiceKey } from "../../../plugin/api/keys.ts";
import { request } from "./request.ts";

export const listHostWorkflows = async () =>
  (await request("/api/v1/host-workflows", { answer: hostWorkflowList })).workflows;

const workflowPath = (id: string) => `/api/v1/host-workflows/${encodeURIComponent(id)}`;
export const removeHostWorkflow = (id: string) =>
  request(workflowPath(id), { method: "DELETE", answer: hostWorkflowChange });
export const restoreHostWorkflow = (id: string) =>
  request(`${workflowPath(id)}/restore`, { method: "POST", answer: hostWorkflowChange });

/** A key without a host: the first call with it sets the host. */
export const createHostKey = (name: string) =>
  request("/api/v1/keys", {
    method: "POST",
    body: { name, scopes: ["hosts:call"] },
    answer: createdServiceKey,
  });
