import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { systemCaller } from "../server/access/caller.ts";
import { agentWorkflow } from "../test/support/build-workflow.ts";
import { agentOf, benchEnvironment, createBenchDatabase, openBenchSystem } from "./bench-system.ts";
import { startProcess } from "./http.ts";
import { callsPerSecond, medianTime, report } from "./measure.ts";

/** What a run adds to the bare loop of model, tool, model; and the runs per second of 8 callers. */
export async function benchRuns(serverUrl: string): Promise<void> {
  const url = await createBenchDatabase(serverUrl);
  const environment = benchEnvironment(url);
  const model = await startInstantModel();
  const { system, agent } = await openBenchSystem(environment);
  const graph = agentWorkflow();
  const modelNode = graph.nodes.find((node) => node.id === "model");
  if (modelNode)
    modelNode.data.config = { provider: "openai-compatible", base_url: `${model.url}/v1`, model: "instant" };
  const workflow = await system.workflows.create(systemCaller(agent.workspaceId, "bench"), {
    name: "Runs",
    ...graph,
  });
  const runningAgent = agentOf(agent.workspaceId, workflow.id);
  await system.agentUsers.enroll({
    caller: runningAgent,
    workflowSlug: workflow.slug,
    purpose: "",
  });

  const totem = await startProcess(
    [join(import.meta.dirname, "../server/cli.ts"), "start"],
    { ...environment, TOTEM_STUDIO: "off", TOTEM_MODEL_URLS: `${model.url}/v1` },
    /ready at (\S+)/,
  );
  const headers = {
    authorization: `Bearer ${environment.TOTEM_ADMIN_KEY}`,
    "content-type": "application/json",
  };
  const run = async (): Promise<void> => {
    const started = await fetch(`${totem.url}/api/v1/workflows/${workflow.slug}/runs`, {
      method: "POST",
      headers,
      body: '{"input":"who are you?"}',
    });
    const { id } = (await started.json()) as { id: string };
    const events = await (await fetch(`${totem.url}/api/v1/runs/${id}/events`, { headers })).text();
    if (!events.includes("event: run.succeeded")) throw new Error("The run did not succeed.");
  };
  const bare = async (): Promise<void> => {
    await askModel(model.url, false);
    await system.agentUsers.describe(runningAgent);
    await askModel(model.url, true);
  };

  for (const warmUp of [run, bare]) await callsPerSecond(warmUp, { callers: 8, milliseconds: 4_000 });
  const loop = await medianTime(bare, 300);
  const whole = await medianTime(run, 300);
  const added = whole - loop;
  report(
    "a run over the bare model-tool-model loop, median",
    `${added.toFixed(1)} ms  (${whole.toFixed(1)} over ${loop.toFixed(1)} ms)`,
    "10 ms or less",
    added <= 10,
  );
  const rate = await callsPerSecond(run, { callers: 8, milliseconds: 6_000 });
  report("runs with 8 callers", `${rate.toFixed(0)}/s`, "200/s or more", rate >= 200);

  await totem.stop();
  await system.database.close();
  model.server.close();
  model.server.closeAllConnections();
}

const askModel = async (url: string, afterTool: boolean): Promise<void> => {
  const messages = [{ role: afterTool ? "tool" : "user", content: "who are you?" }];
  await (
    await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "instant", messages }),
    })
  ).json();
};

/** A model server that answers at once: a call of whoami, then a sentence. */
async function startInstantModel(): Promise<{ url: string; server: Server }> {
  const answer = (message: object, finish_reason: string) =>
    JSON.stringify({
      id: "1",
      object: "chat.completion",
      created: 1,
      model: "instant",
      choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    });
  const call = answer(
    {
      content: null,
      tool_calls: [{ id: "call_1", type: "function", function: { name: "whoami", arguments: "{}" } }],
    },
    "tool_calls",
  );
  const sentence = answer({ content: "I am an agent." }, "stop");
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(body.includes('"role":"tool"') ? sentence : call);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
