import type { WorkflowNode } from "../../plugin/workflow.ts";
import { agentWorkflow, node, toolEdge } from "./build-workflow.ts";
import type { Answer, TestServer } from "./start-test-server.ts";

/** Delivers a message, as a service that forwards messages does. */
export const deliver = (
  server: TestServer,
  to: string,
  content: string,
  more: object = {},
): Promise<Answer> =>
  server.send(
    "POST",
    "/v1/credentials/totp",
    { totp_identifier: to, content, ...more },
    { "x-api-key": server.adminKey },
  );

/** An agent that creates its account, waits for a code and says that it has it. */
export function waitingWorkflow(config: WorkflowNode["data"]["config"] = {}) {
  const graph = agentWorkflow([
    { tool: "create_agent_user" },
    { tool: "wait_for_code" },
    { say: "I have it." },
  ] as never);
  graph.nodes.push(node("wait", "wait_for_code", config));
  graph.edges.push(toolEdge("wait"));
  return graph;
}

/** Starts a run and returns its id when it waits. */
export async function startWaiting(
  server: TestServer,
  slug: string,
  until: (check: () => Promise<void>) => Promise<unknown>,
): Promise<string> {
  const { id } = (await server.api("POST", `/workflows/${slug}/runs`, { input: "Go." })).body;
  await until(async () => {
    const { status } = (await server.api("GET", `/runs/${id}`)).body;
    if (status !== "waiting") throw new Error(`The run is ${status}.`);
  });
  return id;
}
