import type { ScriptStep } from "../../plugin/nodes/ai-model.ts";
import type { WorkflowEdge, WorkflowNode } from "../../plugin/workflow.ts";

export const node = (
  id: string,
  type: string,
  config: WorkflowNode["data"]["config"] = {},
): WorkflowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
});

/** A node at a position of the canvas. */
export const nodeAt = (
  [x, y]: readonly [number, number],
  ...[id, type, config]: Parameters<typeof node>
): WorkflowNode => ({ ...node(id, type, config), position: { x, y } });

/** The nodes at the positions of their ids. A node without a position is at the corner. */
export const placed = (
  nodes: readonly WorkflowNode[],
  positions: Readonly<Record<string, readonly [number, number]>>,
): WorkflowNode[] =>
  nodes.map((one) => {
    const [x, y] = positions[one.id] ?? [0, 0];
    return { ...one, position: { x, y } };
  });

export const toolEdge = (source: string, target = "agent"): WorkflowEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  sourceHandle: "sub-source",
  targetHandle: "tools",
  label: "tool",
});

export const modelEdge = (source: string, target = "agent"): WorkflowEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  sourceHandle: "sub-source",
  targetHandle: "model",
  label: "llm",
});

export const flowEdge = (source: string, target: string): WorkflowEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  sourceHandle: "out",
  targetHandle: "in",
  label: "",
});

const tools = {
  create: "create_agent_user",
  code: "get_totp_code",
  verify: "verify_totp_code",
  whoami: "whoami",
  platform: "platform_api",
} as const;

/** Chat → agent, with a scripted model and every tool, each under a short id. */
export function agentWorkflow(steps: ScriptStep[] = [{ say: "Done." }]): {
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
} {
  return {
    nodes: [
      node("chat", "trigger_chat"),
      node("agent", "agent"),
      node("model", "ai_model", { provider: "scripted", steps: steps as never }),
      // Tests call with the key; a model would get a handle for it.
      ...Object.entries(tools).map(([id, type]) =>
        node(id, type, type === "create_agent_user" ? { reveal: "value" } : {}),
      ),
    ],
    edges: [flowEdge("chat", "agent"), modelEdge("model"), ...Object.keys(tools).map((id) => toolEdge(id))],
  };
}
