import { z } from "zod";
import { hostCallBody, hostWorkflowChange, hostWorkflowList } from "../../../plugin/api/host-calls.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import type { ServiceKeys } from "../../access/service-keys.ts";
import { callForHost, type HostCallParts } from "../../hosts/call-for-host.ts";
import type { HostWorkflows } from "../../hosts/host-workflows.ts";
import { type App, callerOf } from "../../request/app.ts";
import { goneSignal } from "../../request/reply.ts";
import { sendToolRefusal } from "../problem-response.ts";

export interface HostRouteParts extends HostCallParts {
  readonly hostWorkflows: HostWorkflows;
  readonly serviceKeys: ServiceKeys;
}

const read: { access: Access } = { access: { may: ["hosts:call", "agent_users:manage", "lists:read"] } };
const change: { access: Access } = { access: { may: ["hosts:call", "agent_users:manage"] } };
const tags = ["hosts"];
const params = z.object({ id: z.uuid() });

/** The door for other builders: they follow their own wires and say which of their agents is calling. */
export function hostRoutes(app: App, parts: HostRouteParts): void {
  const { hostWorkflows } = parts;

  app.post(
    "/api/v1/host-calls",
    {
      config: { access: { may: ["hosts:call"], only: "hosts", lasting: false } },
      schema: {
        tags,
        summary: "Call one hosted tool for an agent of another builder",
        description:
          "Answers with the tool's own JSON. The key is of scope hosts:call and speaks for one host instance. Tools wait for fresh codes: allow 40 seconds, and for wait_for_code its timeout more.",
        body: hostCallBody,
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      // `host` of the route's access has refused every other caller.
      if (caller.kind !== "host") throw new PluginError("FORBIDDEN");
      const { host, host_instance: hostInstance } = request.body;
      await parts.serviceKeys.bind(caller, { host, hostInstance });
      let waited = false;
      const onWaiting = () => {
        waited = true;
      };
      let answer: Record<string, unknown>;
      try {
        answer = await callForHost(parts, request.body, { caller, signal: goneSignal(reply), onWaiting });
      } catch (error) {
        return sendToolRefusal(error, reply);
      }
      // A tool that waited may outlive its key, its token or its key pair. Without them it gets no code.
      if (waited) await request.requireAdmitted?.();
      return answer;
    },
  );

  app.get(
    "/api/v1/host-workflows",
    {
      config: read,
      schema: {
        tags,
        summary: "List the workflows of other builders that have identities here",
        description:
          "A key sees those of its own host instance; who manages agent users, or reads lists, sees all.",
        querystring: z.object({ workflow_id: z.string().max(200).optional() }),
        response: { 200: hostWorkflowList },
      },
    },
    async (request) => ({
      workflows: await hostWorkflows.list(callerOf(request), request.query.workflow_id),
    }),
  );

  app.delete(
    "/api/v1/host-workflows/:id",
    {
      config: change,
      schema: {
        tags,
        summary: "Disable every identity of a workflow that its builder has deleted",
        params,
        response: { 200: hostWorkflowChange },
      },
    },
    async (request) => ({ changed: await hostWorkflows.remove(callerOf(request), request.params.id) }),
  );

  app.post(
    "/api/v1/host-workflows/:id/restore",
    {
      config: change,
      schema: {
        tags,
        summary: "Undo a removal, and within 24 hours what it disabled",
        params,
        response: { 200: hostWorkflowChange },
      },
    },
    async (request) => ({ changed: await hostWorkflows.restore(callerOf(request), request.params.id) }),
  );
}
