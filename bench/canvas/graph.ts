import type { WorkflowEdge, WorkflowNode } from "../../plugin/workflow.ts";

/** Groups of five: an agent, its model and three tools. A thousand nodes have eight hundred edges. */
const parts = [
  ["ai_model", "model", "llm"],
  ["create_agent_user", "tools", "tool"],
  ["get_totp_code", "tools", "tool"],
  ["verify_totp_code", "tools", "tool"],
] as const;
const acrossAt = 10;

export function benchGraph(nodeCount: number): { nodes: WorkflowNode[]; edges: WorkflowEdge[] } {
  const nodes: WorkflowNode[] = [];
  const edges: WorkflowEdge[] = [];
  const add = (id: string, type: string, x: number, y: number) =>
    nodes.push({ id, type, position: { x, y }, data: { config: {} } });
  for (let group = 0; nodes.length < nodeCount; group++) {
    const [left, top] = [(group % acrossAt) * 900, Math.floor(group / acrossAt) * 320];
    const agent = `agent_${group}`;
    add(agent, "agent", left + 320, top);
    parts.forEach(([type, handle, label], column) => {
      const id = `${type}_${group}`;
      add(id, type, left + column * 215, top + 170);
      edges.push({
        id: `${id}-${agent}`,
        source: id,
        target: agent,
        sourceHandle: "sub-source",
        targetHandle: handle,
        label,
      });
    });
  }
  return { nodes, edges };
}

/** The given number of tools that return codes, close enough to be in view together. */
export function ringGraph(count: number): { nodes: WorkflowNode[]; edges: WorkflowEdge[] } {
  const across = 16;
  const nodes = Array.from(
    { length: count },
    (_, index): WorkflowNode => ({
      id: `get_totp_code_${index}`,
      type: "get_totp_code",
      position: { x: 20 + (index % across) * 210, y: 20 + Math.floor(index / across) * 140 },
      data: { config: {} },
    }),
  );
  return { nodes, edges: [] };
}
