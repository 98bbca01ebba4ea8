import { z } from "zod";
import { runBody, runList, runWithEvents, startedRun, startRunBody } from "../../../plugin/api/runs.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { RunEngine } from "../../workflow/run-engine.ts";
import type { WorkflowStore } from "../../workflow/workflow-store.ts";
import { streamEvents } from "../stream-events.ts";

export interface RunRouteParts {
  readonly workflows: WorkflowStore;
  readonly runs: Omit<RunEngine, "start" | "stop">;
}

const slugParams = z.object({ slug: z.string().min(1).max(200) });
// Not z.uuid(): an id that is not one is simply a run that does not exist.
const params = z.object({ id: z.string().max(100) });
const read: { access: Access } = { access: { may: ["workflows:read", "runs:write"] } };
const write: { access: Access } = { access: { may: ["runs:write"] } };

export function runRoutes(app: App, { workflows, runs }: RunRouteParts): void {
  app.post(
    "/api/v1/workflows/:slug/runs",
    {
      config: write,
      schema: {
        tags: ["runs"],
        summary: "Run the workflow's current version",
        params: slugParams,
        body: startRunBody,
        response: { 202: startedRun },
      },
    },
    async (request, reply) => {
      const { workspaceId, actor } = callerOf(request);
      const workflow = await workflows.get({ workspaceId, slug: request.params.slug });
      return reply
        .status(202)
        .send(await runs.startRun({ workspaceId, workflow, input: request.body.input, actor }));
    },
  );

  app.get(
    "/api/v1/workflows/:slug/runs",
    {
      config: read,
      schema: {
        tags: ["runs"],
        summary: "Fifty runs, newest first",
        description: "The latest ones, or with `before` those that were asked for before that run.",
        params: slugParams,
        querystring: z.object({ before: z.uuid().optional().describe("The id of a run of this workflow.") }),
        response: { 200: runList },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const { id } = await workflows.get({ workspaceId, slug: request.params.slug });
      return { runs: await runs.listRuns({ workspaceId, workflowId: id, before: request.query.before }) };
    },
  );

  app.get(
    "/api/v1/runs/:id",
    {
      config: read,
      schema: {
        tags: ["runs"],
        summary: "One run and everything that happened in it",
        params,
        response: { 200: runWithEvents },
      },
    },
    (request) =>
      runs.getRunWithEvents({ workspaceId: callerOf(request).workspaceId, runId: request.params.id }),
  );

  app.get(
    "/api/v1/runs/:id/events",
    {
      config: read,
      schema: {
        tags: ["runs"],
        summary: "The run's events as they happen (server-sent events)",
        description:
          "Begins with what is stored; Last-Event-ID resumes after that event. Ends after the run's last event.",
        params,
        headers: z.object({ "last-event-id": z.string().max(20).optional() }),
      },
    },
    async (request, reply) => {
      const place = { workspaceId: callerOf(request).workspaceId, runId: request.params.id };
      const last = Number(request.headers["last-event-id"] ?? 0);
      const afterSeq = Number.isSafeInteger(last) && last > 0 ? last : 0;
      const abort = new AbortController();
      return streamEvents(reply, await runs.followRun({ ...place, afterSeq, signal: abort.signal }), abort);
    },
  );

  app.post(
    "/api/v1/runs/:id/cancel",
    { config: write, schema: { tags: ["runs"], summary: "Stop a run", params, response: { 200: runBody } } },
    async (request) => {
      const { workspaceId, actor } = callerOf(request);
      const place = { workspaceId, runId: request.params.id };
      await runs.cancelRun({ ...place, actor });
      return runs.getRun(place);
    },
  );
}
