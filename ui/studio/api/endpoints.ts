import { whoamiAnswer } from "../../../plugin/api/auth.ts";
import { identityList, type ProofStep, proofStep, shownCode } from "../../../plugin/api/identities.ts";
import { runList, runWithEvents, startedRun } from "../../../plugin/api/runs.ts";
import { workflowBody, workflowList, workflowVersion } from "../../../plugin/api/workflows.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { forgetPageProof } from "./page-proof.ts";
import { ApiError, request, requestLines } from "./request.ts";

/** Every address that the first view uses, one function each. The other files of this folder load later. */

const workflowPath = (slug: string) => `/api/v1/workflows/${encodeURIComponent(slug)}`;
const runPath = (id: string) => `/api/v1/runs/${encodeURIComponent(id)}`;

export const signInWithLink = (link: string) =>
  request("/api/v1/auth/sign-in", { method: "POST", body: { link } });
export const signInWithKey = (key: string) =>
  request("/api/v1/auth/sign-in", { method: "POST", body: { key } });
/** With what the provider sent back, as a query string. */
export const finishSingleSignOn = (returned: string) =>
  request("/api/v1/people/auth/single-sign-on/finish", {
    method: "POST",
    body: Object.fromEntries(new URLSearchParams(returned)),
  });
export async function signOut(): Promise<void> {
  await request("/api/v1/auth/sign-in", { method: "DELETE" });
  forgetPageProof();
}
/** A session from before there were proofs gets this page's, once. */
export async function readWhoami() {
  const read = () => request("/api/v1/whoami", { answer: whoamiAnswer });
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "SESSION_PROOF_NEEDED") throw error;
    await request("/api/v1/auth/claim", { method: "POST" });
    return read();
  }
}

export const listWorkflows = () => request("/api/v1/workflows", { answer: workflowList });
export const createWorkflow = (name: string, graph?: WorkflowGraph) =>
  request("/api/v1/workflows", { method: "POST", body: { name, ...graph }, answer: workflowBody });
export const readWorkflow = (slug: string) => request(workflowPath(slug), { answer: workflowBody });
export interface WorkflowDraft extends WorkflowGraph {
  readonly version: number;
  readonly name: string;
}
/** The largest request that browsers finish after the page is closed. */
export const outlivesPage = (draft: WorkflowDraft): boolean => JSON.stringify(draft).length < 60_000;
export const saveWorkflow = (slug: string, draft: WorkflowDraft) =>
  request(workflowPath(slug), {
    method: "PUT",
    body: draft,
    answer: workflowBody,
    keepalive: outlivesPage(draft),
  });
export const deleteWorkflow = (slug: string) => request(workflowPath(slug), { method: "DELETE" });
export const restoreWorkflow = (slug: string) => request(`${workflowPath(slug)}/restore`, { method: "POST" });

export const startRun = (slug: string, input: string | undefined) =>
  request(`${workflowPath(slug)}/runs`, {
    method: "POST",
    body: input === undefined ? {} : { input },
    answer: startedRun,
  });
/** The newest runs, or those that began before the run named `before`. */
export const listRuns = (slug: string, before?: string) =>
  request(
    `${workflowPath(slug)}/runs${before === undefined ? "" : `?before=${encodeURIComponent(before)}`}`,
    {
      answer: runList,
    },
  );
/** The graph a past run ran on. */
export const readWorkflowVersion = (slug: string, version: number) =>
  request(`${workflowPath(slug)}/versions/${version}`, { answer: workflowVersion });
export const readRun = (id: string) => request(runPath(id), { answer: runWithEvents });
export const cancelRun = (id: string) => request(`${runPath(id)}/cancel`, { method: "POST" });
export const runEventsUrl = (id: string) => `${runPath(id)}/events`;

/** Who the agents of a workflow are, and who can obtain their codes. */
export const listIdentities = (slug: string) =>
  request(`${workflowPath(slug)}/identities`, { answer: identityList });
/** An agent's current code, for the person who asks. Every answer is in the audit log. */
export const readCode = (username: string) =>
  request(`/api/v1/agent-users/${encodeURIComponent(username)}/code`, { method: "POST", answer: shownCode });

/** Tries create, code and verify for one agent, and reports each step as it happens. */
export const proveAgent = (
  { slug, agentNodeId, signal }: { slug: string; agentNodeId: string; signal: AbortSignal },
  onStep: (step: ProofStep) => void,
) =>
  requestLines(`${workflowPath(slug)}/agents/${encodeURIComponent(agentNodeId)}/prove`, {
    line: proofStep,
    signal,
    onLine: onStep,
  });
