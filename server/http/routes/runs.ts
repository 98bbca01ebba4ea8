import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import {
  type RunEvent,
  runBody,
  runList,
  runWithEvents,
  startedRun,
  startRunBody,
} from "../../../plugin/api/runs.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { RunEngine } from "../../workflow/run-engine.ts";
import type { Workflows } from "../../workflow/workflows.ts";

export interface RunRouteParts {
  readonly workflows: Workflows;
  readonly runs: Omit<RunEngine, "start" | "stop">;
}

const slugParams = z.object({ slug: z.string().min(1).max(200) });
// Not z.uuid(): an id that is not one is simply a run that does not exist.
const params = z.object({ id: z.string().max(100) });
const read: { access: Access } = { access: { may: ["workflows:read", "runs:write"] } };
const write: { access: Access } = { access: { may: ["runs:write"], lasting: false } };

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
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const workflow = await workflows.get({ workspaceId, slug: request.params.slug });
      const { input } = request.body;
      return reply.status(202).send(await runs.startRun(caller, { workflow, input }));
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
      const named = { workspaceId: callerOf(request).workspaceId, runId: request.params.id };
      const last = Number(request.headers["last-event-id"] ?? 0);
      const afterSeq = Number.isSafeInteger(last) && last > 0 ? last : 0;
      const abort = new AbortController();
      return streamEvents(reply, await runs.followRun({ ...named, afterSeq, signal: abort.signal }), abort);
    },
  );

  app.post(
    "/api/v1/runs/:id/cancel",
    { config: write, schema: { tags: ["runs"], summary: "Stop a run", params, response: { 200: runBody } } },
    async (request) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const runId = request.params.id;
      await runs.cancelRun(caller, runId);
      return runs.getRun({ workspaceId, runId });
    },
  );
}

/** Proxies close connections that are silent for a minute. */
const silenceMilliseconds = 15_000;

/** Sends run events as server-sent events (HTML Standard section 9.2): `id` is the sequence number, `event` the type. */
function streamEvents(
  reply: FastifyReply,
  events: AsyncIterable<RunEvent>,
  abort: AbortController,
): FastifyReply {
  let resume = (): void => {};
  const stream = new Readable({ read: () => resume() });
  const keepAlive = setInterval(() => stream.push(": still here\n\n"), silenceMilliseconds);
  // A comment at once, so that the browser knows the stream is open before anything happens.
  stream.push(": open\n\n");
  reply.raw.once("close", () => {
    abort.abort();
    resume();
  });

  /** Waits where the reader is slower than the run, so that what it has not read yet stays in the database. */
  const push = (text: string): Promise<void> | undefined => {
    if (stream.push(text) || abort.signal.aborted) return undefined;
    return new Promise((resolve) => {
      resume = resolve;
    });
  };
  const send = async (): Promise<void> => {
    for await (const event of events)
      await push(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  send()
    // The client comes back by itself with the last id it saw.
    .catch((error: unknown) => {
      if (!abort.signal.aborted)
        reply.log.warn({ err: error, request: reply.request.id }, "an event stream was cut");
    })
    .finally(() => {
      clearInterval(keepAlive);
      stream.push(null);
    });
  return reply.type("text/event-stream; charset=utf-8").header("x-accel-buffering", "no").send(stream);
}
