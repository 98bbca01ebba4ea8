import {
  hostInstallationList,
  hostWorkflowChange,
  hostWorkflowList,
} from "../../../plugin/api/host-calls.ts";
import { createdServiceKey } from "../../../plugin/api/keys.ts";
import { request } from "./request.ts";

export const listHostWorkflows = async () =>
  (await request("/api/v1/host-workflows", { answer: hostWorkflowList })).workflows;

const workflowPath = (id: string) => `/api/v1/host-workflows/${encodeURIComponent(id)}`;
export const removeHostWorkflow = (id: string) =>
  request(workflowPath(id), { method: "DELETE", answer: hostWorkflowChange });
export const restoreHostWorkflow = (id: string) =>
  request(`${workflowPath(id)}/restore`, { method: "POST", answer: hostWorkflowChange });

export const listHostInstallations = async () =>
  (await request("/api/v1/host-installations", { answer: hostInstallationList })).installations;

const installationPath = (id: string) => `/api/v1/host-installations/${encodeURIComponent(id)}`;
export const requireSignature = (id: string, requires_signature: boolean) =>
  request(installationPath(id), { method: "PATCH", body: { requires_signature } });
export const releaseInstallation = (id: string) => request(installationPath(id), { method: "DELETE" });

const keyPairPath = (id: string) => `/api/v1/host-key-pairs/${encodeURIComponent(id)}`;
export const confirmKeyPair = (id: string, fingerprint: string) =>
  request(`${keyPairPath(id)}/confirm`, { method: "POST", body: { fingerprint } });
export const removeKeyPair = (id: string) => request(keyPairPath(id), { method: "DELETE" });

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
