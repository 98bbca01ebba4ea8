import { z } from "zod";
import {
  createWorkflowBody,
  problemList,
  updateWorkflowBody,
  workflowBody,
  workflowList,
  workflowVersion,
} from "../../../plugin/api/workflows.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { validateWorkflow } from "../../../plugin/validate-workflow.ts";
import { workflowWarnings } from "../../../plugin/workflow-warnings.ts";
import type { Access } from "../../access/authorize.ts";
import { type Caller, hasScope } from "../../access/caller.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { Workflows } from "../../workflow/workflows.ts";

export interface WorkflowRouteParts {
  readonly workflows: Workflows;
  /** Whose workflows these are. */
  readonly host: { readonly name: string; readonly instance: string };
}

const params = z.object({ slug: z.string().min(1).max(200) });
const read: { access: Access } = {
  access: { may: ["workflows:read"], agent: "session", tools: true, lasting: false },
};
const readPast: { access: Access } = { access: { may: ["workflows:read", "runs:write"] } };
const write: { access: Access } = { access: { may: ["workflows:write"] } };

export function workflowRoutes(app: App, { workflows, host }: WorkflowRouteParts): void {
  /** An agent user sees its own workflow and no other. Ids of another builder's are what that builder says. */
  const isVisibleTo = (caller: Caller, workflowId: string): boolean =>
    caller.kind !== "agent_user" ||
    (caller.location.host === host.name && caller.location.workflowId === workflowId);
  const getVisible = async (caller: Caller, slug: string) => {
    const workflow = await workflows.get({ workspaceId: caller.workspaceId, slug });
    if (!isVisibleTo(caller, workflow.id)) throw new PluginError("WORKFLOW_NOT_FOUND");
    return workflow;
  };

  app.get(
    "/api/v1/workflows",
    {
      config: read,
      schema: { tags: ["workflows"], summary: "List workflows", response: { 200: workflowList } },
    },
    async (request) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      return {
        workflows: (await workflows.list(workspaceId)).filter((workflow) => isVisibleTo(caller, workflow.id)),
      };
    },
  );

  app.post(
    "/api/v1/workflows",
    {
      config: write,
      schema: {
        tags: ["workflows"],
        summary: "Make a workflow",
        body: createWorkflowBody,
        response: { 201: workflowBody },
      },
    },
    async (request, reply) => {
      return reply.status(201).send(await workflows.create(callerOf(request), request.body));
    },
  );

  app.get(
    "/api/v1/workflows/:slug",
    {
      config: read,
      schema: { tags: ["workflows"], summary: "Read a workflow", params, response: { 200: workflowBody } },
    },
    (request) => getVisible(callerOf(request), request.params.slug),
  );

  app.get(
    "/api/v1/workflows/:slug/versions/:version",
    {
      config: readPast,
      schema: {
        tags: ["workflows"],
        summary: "The graph of one version: what a past run ran on",
        params: params.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
        response: { 200: workflowVersion },
      },
    },
    async (request) => {
      const { slug, version } = request.params;
      const caller = callerOf(request);
      const { workspaceId } = caller;
      // A caller that may only run sees versions that were run, and no drafts.
      const onlyIfRun = !hasScope(caller, "workflows:read");
      const graph = await workflows.getVersion({ workspaceId, slug, version, onlyIfRun });
      return { version, nodes: [...graph.nodes], edges: [...graph.edges] };
    },
  );

  app.put(
    "/api/v1/workflows/:slug",
    {
      config: write,
      schema: {
        tags: ["workflows"],
        summary: "Save a workflow; a stale version is refused",
        params,
        body: updateWorkflowBody,
        response: { 200: workflowBody },
      },
    },
    (request) => workflows.save(callerOf(request), { slug: request.params.slug, ...request.body }),
  );

  app.delete(
    "/api/v1/workflows/:slug",
    {
      config: write,
      schema: {
        tags: ["workflows"],
        summary: "Delete a workflow and disable its identities",
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await workflows.remove(callerOf(request), request.params.slug);
      return reply.status(204).send(null);
    },
  );

  app.post(
    "/api/v1/workflows/:slug/restore",
    {
      config: write,
      schema: { tags: ["workflows"], summary: "Undo a deletion", params, response: { 200: workflowBody } },
    },
    (request) => workflows.restore(callerOf(request), request.params.slug),
  );

  app.post(
    "/api/v1/workflows/:slug/validate",
    {
      config: read,
      schema: {
        tags: ["workflows"],
        summary: "What keeps the workflow from running, and what its owner should know",
        params,
        response: { 200: problemList },
      },
    },
    async (request) => {
      const workflow = await getVisible(callerOf(request), request.params.slug);
      return { problems: validateWorkflow(workflow), warnings: workflowWarnings(workflow) };
    },
  );
}
