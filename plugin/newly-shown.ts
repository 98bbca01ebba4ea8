import { isScripted } from "./scripted-model.ts";
import { isModelEdge, isToolEdge } from "./tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "./workflow.ts";

export interface ShownSecret {
  readonly nodeId: string;
  readonly kind: "key" | "code";
}

/**
 * The secrets that a model and its provider read in this graph and did not read in the one before: a tool newly shows a
 * value, reaches another agent or entry, or there is another model behind it. The scripted model sends nothing anywhere.
 *
 * @example newlyShown(stored, saved) // [{ nodeId: "totp", kind: "code" }]
 */
export function newlyShown(before: WorkflowGraph | undefined, after: WorkflowGraph): ShownSecret[] {
  const known = new Set(before ? showings(before).map(({ facts }) => facts) : []);
  return showings(after).flatMap(({ facts, shown }) => (known.has(facts) ? [] : [shown]));
}

interface Showing {
  /** All that decides who reads what. */
  readonly facts: string;
  readonly shown: ShownSecret;
}

function showings({ nodes, edges }: WorkflowGraph): Showing[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const modelsOf = (agentId: string): WorkflowNode[] =>
    edges
      .filter((edge) => isModelEdge(edge) && edge.target === agentId)
      .flatMap(({ source }) => byId.get(source) ?? [])
      .filter(({ data }) => !isScripted(data.config));
  return edges.filter(isToolEdge).flatMap(({ source, target }): Showing[] => {
    const tool = byId.get(source);
    if (tool?.data.config.reveal !== "value") return [];
    const { entry, address } = tool.data.config;
    return modelsOf(target).map(({ data: { config } }) => ({
      facts: JSON.stringify([
        [tool.id, tool.type, entry ?? "", address ?? "", target],
        [config.provider, config.base_url ?? "", config.model_key ?? ""],
      ]),
      shown: { nodeId: tool.id, kind: tool.type === "create_agent_user" ? "key" : "code" },
    }));
  });
}
