import { expect } from "vitest";
import type { WorkflowNode } from "../../plugin/workflow.ts";
import { agentWorkflow, node, toolEdge } from "./build-workflow.ts";
import type { TestServer } from "./start-test-server.ts";

const steps = [{ tool: "create_agent_user" }, { tool: "wait_for_code" }, { say: "I have it." }];

/** A workflow whose agent creates its account and then waits for a code. */
export function waitingWorkflow(config: WorkflowNode["data"]["config"] = {}) {
  const graph = agentWorkflow(steps);
  const place = { x: 560, y: 260 };
  const places: Readonly<Record<string, { x: number; y: number }>> = {
    agent: { x: 320, y: 0 },
    model: { x: 0, y: 260 },
    create: { x: 260, y: 260 },
  };
  const nodes = graph.nodes
    .filter(({ id }) => id === "chat" || id in places)
    .map((each) => ({ ...each, position: places[each.id] ?? each.position }));
  const kept = new Set(nodes.map(({ id }) => id));
  return {
    nodes: [...nodes, { ...node("wait", "wait_for_code", config), position: place }],
    edges: [...graph.edges.filter(({ source }) => kept.has(source)), toolEdge("wait")],
  };
}

/** Starts the workflow and returns when its run waits. */
export async function startWaiting(server: TestServer, name: string) {
  const slug = await server.addWorkflow(waitingWorkflow(), name);
  const { id } = (await server.api("POST", `/workflows/${slug}/runs`, { input: "go" })).body;
  const statusNow = async () => (await server.api("GET", `/runs/${id}`)).body.status;
  await expect.poll(statusNow).toBe("waiting");
  return { slug, id, agent: `agent_${slug}_agent`, statusNow };
}
