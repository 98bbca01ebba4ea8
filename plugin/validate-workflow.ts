import type { WorkflowProblem } from "./api/workflows.ts";
import { findContract } from "./catalogue.ts";
import { flowTargets, isModelEdge, isToolEdge, judgeHandles } from "./tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "./workflow.ts";

/**
 * Everything that keeps a workflow from running, each problem with its node or edge. An empty list means that it can run.
 *
 * @example validateWorkflow({ nodes: [], edges: [] }) // [{ code: "NO_TRIGGER", message: "Add a Chat Trigger or …" }]
 */
export function validateWorkflow(graph: WorkflowGraph): WorkflowProblem[] {
  return [...nodeProblems(graph), ...edgeProblems(graph), ...partProblems(graph), ...flowProblems(graph)];
}

const kindOf = (node: WorkflowNode) => findContract(node.type)?.kind;

function nodeProblems({ nodes }: WorkflowGraph): WorkflowProblem[] {
  return nodes.flatMap((node): WorkflowProblem[] => {
    const contract = findContract(node.type);
    if (!contract)
      return [
        { code: "UNKNOWN_NODE_TYPE", message: "This node's type is not known here.", node_id: node.id },
      ];
    const config = contract.config.safeParse(node.data.config);
    return (config.error?.issues ?? []).map((issue) => ({
      code: "CONFIG_INVALID",
      message: `${issue.path.join(".") || "config"}: ${issue.message}`,
      node_id: node.id,
    }));
  });
}

function edgeProblems({ nodes, edges }: WorkflowGraph): WorkflowProblem[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  return edges.flatMap((edge): WorkflowProblem[] => {
    const problem = (message: string): WorkflowProblem[] => [
      { code: "EDGE_INVALID", message, edge_id: edge.id },
    ];
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target) return problem("One end of this edge is not on the canvas.");
    // A node of an unknown type is already on the list, and its handles are not known.
    if (!kindOf(source) || !kindOf(target)) return [];
    const verdict = judgeHandles(source, target, edge);
    if (!verdict.allowed) return problem(verdict.reason);
    if (verdict.label !== edge.label) return problem("The edge's label does not fit its handles.");
    const wire = JSON.stringify([edge.source, edge.target, edge.label]);
    if (seen.has(wire)) return problem("These two are already connected.");
    seen.add(wire);
    return [];
  });
}

/** Agents need one model; models and tools need an agent. */
function partProblems({ nodes, edges }: WorkflowGraph): WorkflowProblem[] {
  const agents = new Set(nodes.filter((node) => kindOf(node) === "agent").map((node) => node.id));
  const models = new Map<string, number>();
  for (const edge of edges)
    if (isModelEdge(edge)) models.set(edge.target, (models.get(edge.target) ?? 0) + 1);
  const attached = new Set(
    edges
      .filter((edge) => (isToolEdge(edge) || isModelEdge(edge)) && agents.has(edge.target))
      .map((edge) => edge.source),
  );

  return nodes.flatMap((node): WorkflowProblem[] => {
    const problem = (code: WorkflowProblem["code"], message: string): WorkflowProblem[] => [
      { code, message, node_id: node.id },
    ];
    const count = models.get(node.id) ?? 0;
    switch (kindOf(node)) {
      case "agent":
        if (count === 0)
          return problem("AGENT_WITHOUT_MODEL", "Connect an AI Model to this agent's Model diamond.");
        return count > 1
          ? problem("AGENT_WITH_SEVERAL_MODELS", "An agent takes one AI Model. Remove the others.")
          : [];
      case "tool":
        return attached.has(node.id)
          ? []
          : problem("TOOL_WITHOUT_AGENT", "Connect this tool to an agent's Tools diamond.");
      case "model":
        return attached.has(node.id)
          ? []
          : problem("MODEL_WITHOUT_AGENT", "Connect this model to an agent's Model diamond.");
      default:
        return [];
    }
  });
}

function flowProblems(graph: WorkflowGraph): WorkflowProblem[] {
  const triggers = graph.nodes.filter((node) => kindOf(node) === "trigger");
  const order = flowOrder(
    graph,
    triggers.map((node) => node.id),
  );
  const problems: WorkflowProblem[] = graph.nodes
    .filter((node) => order.circular.has(node.id))
    .map((node) => ({
      code: "CYCLE",
      message: "The flow runs in a circle through this node.",
      node_id: node.id,
    }));
  if (triggers.length === 0)
    return [...problems, { code: "NO_TRIGGER", message: "Add a Chat Trigger or a Manual Trigger." }];
  if (
    problems.length === 0 &&
    !order.sorted.some((id) => graph.nodes.some((node) => node.id === id && kindOf(node) === "agent"))
  ) {
    problems.push({
      code: "NOTHING_TO_RUN",
      message: "Connect a trigger to an agent.",
      node_id: triggers[0]?.id,
    });
  }
  return problems;
}

/**
 * `sorted`: the ids of the nodes that data reaches from `starts`, each after all nodes that lead to it. `circular`: the
 * ids of all nodes that lie on a circle or behind one (Kahn's algorithm).
 */
export function flowOrder(
  graph: WorkflowGraph,
  starts: readonly string[],
): { sorted: string[]; circular: Set<string> } {
  const targets = flowTargets(graph);
  const incoming = new Map<string, number>(graph.nodes.map((node) => [node.id, 0]));
  for (const list of targets.values()) for (const id of list) incoming.set(id, (incoming.get(id) ?? 0) + 1);

  const order: string[] = [];
  const open = graph.nodes.map((node) => node.id).filter((id) => incoming.get(id) === 0);
  for (const id of open) {
    order.push(id);
    for (const next of targets.get(id) ?? []) {
      const left = (incoming.get(next) ?? 0) - 1;
      incoming.set(next, left);
      if (left === 0) open.push(next);
    }
  }

  const reached = new Set(starts);
  for (const id of order) if (reached.has(id)) for (const next of targets.get(id) ?? []) reached.add(next);
  const done = new Set(order);
  return {
    sorted: order.filter((id) => reached.has(id)),
    circular: new Set(graph.nodes.map((node) => node.id).filter((id) => !done.has(id))),
  };
}
