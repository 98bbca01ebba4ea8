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

/** An installation of a builder, by the names that its calls send. */
export interface Installation {
  readonly host: string;
  readonly host_instance: string;
}

/** A key for a builder. Without an installation, its first call says which one it speaks for. */
export const createHostKey = (key: Partial<Installation> & { name: string; signed?: boolean }) =>
  request("/api/v1/keys", {
    method: "POST",
    body: { ...key, scopes: ["hosts:call"] },
    answer: createdServiceKey,
  });
