import { setTimeout as pause } from "node:timers/promises";
import type { ModelStandIn, Step } from "../model-stand-in.ts";
import type { TotemForHosts } from "../totem-for-hosts.ts";
import { type Drawing, drawWorkflow } from "./draw-workflow.ts";
import type { N8n } from "./n8n-server.ts";

export interface SavedWorkflow {
  readonly id: string;
  /** Runs it, with the model playing this, and gives all that its last node said. */
  run(script: readonly Step[]): Promise<string>;
  rename(name: string): Promise<void>;
  /** "Execute step" of the editor on one tool, and what n8n kept of it. Needs a manual trigger. */
  executeStep(tool: string): Promise<string>;
}

export interface Workbench {
  readonly n8n: N8n;
  readonly totem: TotemForHosts;
  readonly model: ModelStandIn;
  readonly credentials: Drawing["credentials"];
  save(drawing: Omit<Drawing, "credentials">): Promise<SavedWorkflow>;
  /** What n8n keeps of the executions of a workflow, as it keeps it. */
  executions(workflowId: string): Promise<string[]>;
}

interface Row {
  readonly id: string;
  readonly versionId: string;
}

/** n8n with both credentials, as a person would have made them. */
export async function setUpWorkbench(
  n8n: N8n,
  totem: TotemForHosts,
  model: ModelStandIn,
): Promise<Workbench> {
  const credential = async (name: string, type: string, data: object) => {
    const { id } = await n8n.rest<Row>("POST", "/credentials", { name, type, data });
    return { id, name };
  };
  const credentials = {
    openAiApi: await credential("Model stand-in", "openAiApi", {
      apiKey: "none",
      url: model.url,
      allowedHttpRequestDomains: "all",
    }),
    totemApi: await credential("Totem", "totemApi", { url: totem.url, apiKey: await totem.makeKey() }),
  };

  const callWebhook = async (path: string): Promise<string> => {
    // n8n says that a workflow is active before its address is known.
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${n8n.url}/webhook/${path}`, { method: "POST" });
      const text = await answer.text();
      if (answer.status !== 404 || tries > 50) return text;
      await pause(100);
    }
  };

  const ended = async (executionId: string): Promise<string> => {
    for (;;) {
      const execution = await n8n.rest<{ finished: boolean; stoppedAt?: string }>(
        "GET",
        `/executions/${executionId}`,
      );
      if (execution.stoppedAt) return JSON.stringify(execution);
      await pause(100);
    }
  };

  return {
    n8n,
    totem,
    model,
    credentials,
    save: async (drawing) => {
      const { path, workflow } = drawWorkflow({ ...drawing, credentials });
      const { id, versionId } = await n8n.rest<Row>("POST", "/workflows", workflow);
      if (drawing.trigger !== "manual") await n8n.rest("POST", `/workflows/${id}/activate`, { versionId });
      return {
        id,
        executeStep: async (tool) => {
          const started = await n8n.rest<{ executionId: string }>("POST", `/workflows/${id}/run`, {
            triggerToStartFrom: { name: "Start" },
            destinationNode: { nodeName: tool, mode: "inclusive" },
            agentRequest: { query: {}, tool: { name: "" } },
          });
          return await ended(started.executionId);
        },
        run: async (script) => {
          model.play(script);
          return await callWebhook(path);
        },
        rename: async (name) => {
          const now = await n8n.rest<Row>("GET", `/workflows/${id}`);
          await n8n.rest("PATCH", `/workflows/${id}`, { name, versionId: now.versionId });
          const renamed = await n8n.rest<Row>("GET", `/workflows/${id}`);
          await n8n.rest("POST", `/workflows/${id}/activate`, { versionId: renamed.versionId });
        },
      };
    },
    executions: async (workflowId) => {
      const filter = encodeURIComponent(JSON.stringify({ workflowId }));
      const { results } = await n8n.rest<{ results: readonly { id: string }[] }>(
        "GET",
        `/executions?filter=${filter}`,
      );
      return await Promise.all(
        results.map(async ({ id }) => JSON.stringify(await n8n.rest("GET", `/executions/${id}`))),
      );
    },
  };
}
