import { Readable } from "node:stream";
import { z } from "zod";
import { identityList, proofStep, shownCode } from "../../../plugin/api/identities.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Clock } from "../../clock.ts";
import { type App, callerOf } from "../../request/app.ts";
import { goneSignal } from "../../request/reply.ts";
import { type IdentityParts, listIdentities } from "../list-identities.ts";
import { proveChain, requireAgent } from "../prove-chain.ts";
import type { NodeRouteParts } from "./nodes.ts";

export interface IdentityRouteParts extends IdentityParts {
  readonly clock: Clock;
}

export interface ProveRouteParts extends NodeRouteParts {
  readonly clock: Clock;
}

export function identityRoutes(app: App, parts: IdentityRouteParts): void {
  const { agentUsers, clock } = parts;

  app.get(
    "/api/v1/workflows/:slug/identities",
    {
      config: { access: { may: ["workflows:read", "lists:read"] } },
      schema: {
        tags: ["agent users"],
        summary: "The identity of each agent on the canvas, and who can read its codes",
        params: z.object({ slug: z.string().min(1).max(200) }),
        response: { 200: identityList },
      },
    },
    async (request) => {
      const now = clock.now();
      const identities = await listIdentities(parts, callerOf(request), { ...request.params, now });
      return { identities, now: now.toISOString() };
    },
  );

  app.post(
    "/api/v1/agent-users/:username/code",
    {
      // Not for agents: they have their tool, and it goes by the edges.
      config: { access: { may: ["codes:read"], lasting: false } },
      schema: {
        tags: ["agent users"],
        summary: "Show an agent user's current code to a person or a program",
        description:
          "The code of this moment. Each answer is in the audit log; the code stays good for one use.",
        params: z.object({ username: z.string().min(1).max(300) }),
        response: { 200: shownCode },
      },
    },
    (request) => agentUsers.showCode(callerOf(request), request.params.username),
  );
}

export function proveRoutes(app: App, { workflows, executors, host, clock }: ProveRouteParts): void {
  app.post(
    "/api/v1/workflows/:slug/agents/:id/prove",
    {
      // What it does, a run does too, and no line of the answer holds a key or a code.
      config: { access: { may: ["runs:write"], lasting: false } },
      schema: {
        tags: ["agent users"],
        summary: "Prove that an agent gets an account, a code, and is verified",
        description:
          "Calls the tools wired to the agent as a run would, without a model, and answers one line of JSON for each step as it happens (application/x-ndjson, ProofStep). A code that was accepted already is waited out. No line holds a key or a code.",
        params: z.object({ slug: z.string().min(1).max(200), id: z.string().min(1).max(100) }),
        response: {
          200: {
            description: "Steps, one a line",
            content: { "application/x-ndjson": { schema: proofStep } },
          },
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { slug, id: agentNodeId } = request.params;
      const workflow = await workflows.get({ workspaceId: caller.workspaceId, slug });
      requireAgent(workflow, agentNodeId);

      const signal = goneSignal(reply, "RUN_CANCELLED");
      const lines = new Readable({ read: () => {} });
      const proof = { caller, workflow, agentNodeId, host, signal };
      const onFault = (error: PluginError) =>
        request.log.error({ code: error.code, request: request.id, err: error.cause }, "a proof failed");
      void proveChain(
        { executors, clock },
        {
          ...proof,
          // Parsed on its way out: a field that is not in the contract does not leave.
          onStep: (step) => void lines.push(`${JSON.stringify(proofStep.parse(step))}\n`),
          onFault,
        },
      )
        .catch((error: unknown) => onFault(new PluginError("INTERNAL", { cause: error })))
        .finally(() => lines.push(null));
      // The schema describes a line; what is sent is a stream of them.
      return reply
        .type("application/x-ndjson; charset=utf-8")
        .header("x-accel-buffering", "no")
        .send(lines as never);
    },
  );
}
