import { z } from "zod";
import { callNodeBody } from "../../../plugin/api/workflows.ts";
import { describeNodes, manifestNode } from "../../../plugin/manifest.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Workflow } from "../../../plugin/workflow.ts";
import { hasSession, sessionNeeded } from "../../access/authorize.ts";
import { type Caller, hasScope, nothingLasting } from "../../access/caller.ts";
import type { OwnAddresses } from "../../agent-api/account.ts";
import { type Handles, homeOf } from "../../handles/handles.ts";
import { type App, callerOf } from "../../request/app.ts";
import { goneSignal } from "../../request/reply.ts";
import { callWhileWired } from "../../workflow/call-while-wired.ts";
import type { ToolExecutors } from "../../workflow/node-executor.ts";
import { getToolContract } from "../../workflow/node-executor.ts";
import type { Workflows } from "../../workflow/workflows.ts";
import { sendToolRefusal } from "../problem-response.ts";
import { createRememberedGraphs } from "../remembered-graphs.ts";

export interface NodeRouteParts {
  readonly workflows: Workflows;
  readonly executors: ToolExecutors;
  readonly host: { readonly name: string; readonly instance: string };
}

export interface HandleRouteParts {
  readonly handles: Handles;
  readonly addresses: OwnAddresses;
}

export function nodeRoutes(app: App, { workflows, executors, host }: NodeRouteParts): void {
  const nodeTypes = { nodes: describeNodes() };
  const graphs = createRememberedGraphs(workflows);

  app.get(
    "/api/v1/node-types",
    {
      config: { access: { may: "anyone", agent: "key", tools: true } },
      schema: {
        tags: ["workflows"],
        summary: "Every node of the catalogue",
        response: { 200: z.object({ nodes: z.array(manifestNode) }) },
      },
    },
    async () => nodeTypes,
  );

  app.post(
    "/api/v1/workflows/:slug/nodes/:id/call",
    {
      config: { access: { may: ["runs:write", "codes:read"], agent: "key", lasting: false } },
      schema: {
        tags: ["workflows"],
        summary: "Call one tool node",
        description:
          "Answers with the tool's own JSON. A person or a service key needs both runs:write and codes:read; an agent user calls the tools wired to itself.",
        params: z.object({ slug: z.string().max(200), id: z.string().max(100) }),
        body: callNodeBody,
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      // What comes back may be a key or a code. A masked answer would hide in one field what a tool repeats in another,
      // so a builder and a program that only runs get none: their runs show what the tools answered, masked.
      if (!mayCallTools(caller))
        throw new PluginError("FORBIDDEN", {
          message: "Calling a tool needs both runs:write and codes:read: its answer may hold a code.",
        });
      const signal = goneSignal(reply, "RUN_CANCELLED");
      const callOn = (workflow: Workflow) => {
        requireSession(caller, workflow, request.params.id);
        return callWhileWired(
          executors,
          {
            caller,
            workflow,
            onlyIfCurrent: true,
            host,
            nodeId: request.params.id,
            callerNodeId: callerNodeOf(caller, {
              workflow,
              host: host.name,
              named: request.body.caller_node_id,
            }),
            byHand: caller.kind !== "agent_user",
            minRemaining: 0,
            signal,
          },
          {
            input: request.body.arguments,
            current: () => workflows.get({ workspaceId, slug: request.params.slug }),
          },
        );
      };
      try {
        return await graphs.use({ workspaceId, slug: request.params.slug }, callOn);
      } catch (error) {
        return sendToolRefusal(error, reply);
      }
    },
  );
}

const refuseHandle = (): never => {
  throw new PluginError("HANDLE_REFUSED");
};

const redeemBody = z.strictObject({
  handle: z.string().max(100),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .describe(
      "Where you send it. A vault entry's secret is given for its origins only. Absent: this server.",
    ),
});

/** For programs of an agent's own, such as the one that drives its browser: the model only passes the handle on. */
export function handleRoutes(app: App, { handles, addresses }: HandleRouteParts): void {
  app.post(
    "/api/v1/handles/redeem",
    {
      config: { access: { may: ["codes:read"], agent: "key", lasting: false } },
      schema: {
        tags: ["vault"],
        summary: "Turn a handle into what it stands for, once",
        body: redeemBody,
        response: { 200: z.object({ kind: z.enum(["code", "key", "password"]), value: z.string() }) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      if (caller.kind !== "agent_user") throw new PluginError("HANDLE_REFUSED");
      const { handle, url } = request.body;
      if (caller.provenBy === "workload_token" && handle.startsWith("totem:key:")) throw nothingLasting();
      const home = homeOf(addresses);
      const target = url === undefined ? home : new URL(url);
      const isOwnApi = target.origin === home.origin;
      const redeemed = await handles.redeem(caller, { handles: [handle], target, isOwnApi });
      return [...redeemed.values()][0] ?? refuseHandle();
    },
  );
}

/** For agents the edges decide. */
const mayCallTools = (caller: Caller): boolean =>
  caller.kind === "agent_user" || (hasScope(caller, "runs:write") && hasScope(caller, "codes:read"));

/** A key alone must not become a session by way of a tool that has one. */
function requireSession(caller: Caller, workflow: Workflow, nodeId: string): void {
  if (caller.kind !== "agent_user" || hasSession(caller)) return;
  if (getToolContract({ workflow, nodeId }).tool.actsWithSession)
    throw new PluginError("FORBIDDEN", { message: sessionNeeded });
}

/** An agent user always calls as its own node, whatever it says; its key opens no other workflow. */
function callerNodeOf(
  caller: Caller,
  { workflow, host, named }: { workflow: Workflow; host: string; named: string | undefined },
): string | undefined {
  if (caller.kind !== "agent_user") return named;
  if (caller.location.workflowId !== workflow.id || caller.location.host !== host)
    throw new PluginError("WORKFLOW_NOT_FOUND");
  return caller.location.agentNodeId;
}
