import { z } from "zod";
import { findContract, isTool } from "../../plugin/catalogue.ts";
import type { ToolContract } from "../../plugin/define-node.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { isModelEdge, isToolEdge } from "../../plugin/tool-edge.ts";
import type { WorkflowGraph, WorkflowNode } from "../../plugin/workflow.ts";
import type { OfferedTool } from "../model/ask-model.ts";

export interface AgentTool {
  /** What the model calls it: the component type, and `_2`, `_3` for further nodes of that type. */
  readonly name: string;
  readonly nodeId: string;
  readonly contract: ToolContract;
}

/** The tools wired to an agent, in the order of the nodes on the canvas. */
export function agentTools(graph: WorkflowGraph, agentNodeId: string): AgentTool[] {
  const wired = new Set(
    graph.edges.filter((edge) => isToolEdge(edge) && edge.target === agentNodeId).map((edge) => edge.source),
  );
  const counts = new Map<string, number>();
  return graph.nodes.flatMap((node) => {
    const contract = findContract(node.type);
    if (!wired.has(node.id) || !contract || !isTool(contract)) return [];
    const count = (counts.get(node.type) ?? 0) + 1;
    counts.set(node.type, count);
    return [{ name: count === 1 ? node.type : `${node.type}_${count}`, nodeId: node.id, contract }];
  });
}

/** The node of an agent's model. The check before a run makes sure that there is one. */
export const modelNodeOf = (graph: WorkflowGraph, agentNodeId: string): WorkflowNode | undefined => {
  const edge = graph.edges.find((candidate) => isModelEdge(candidate) && candidate.target === agentNodeId);
  return edge && graph.nodes.find((node) => node.id === edge.source);
};

const schemas = new WeakMap<ToolContract, OfferedTool["inputSchema"]>();

/** What the model sees of a tool. Our own marks are left out: providers refuse keywords that they do not know. */
export function offerTool({ name, contract }: AgentTool): OfferedTool {
  let inputSchema = schemas.get(contract);
  if (!inputSchema) {
    const { $schema, ...schema } = z.toJSONSchema(contract.input, {
      io: "input",
      override: ({ jsonSchema }) => {
        Reflect.deleteProperty(jsonSchema, "secret");
      },
    });
    inputSchema = schema;
    schemas.set(contract, inputSchema);
  }
  return { name, description: contract.tool.description, inputSchema };
}

/**
 * The agent that a tool works for: the caller, if the tool is wired to it; without a caller, the only agent there is.
 * Who calls follows from the edges and the runner, never from a model's words.
 */
export function findParentAgent(
  graph: WorkflowGraph,
  toolNodeId: string,
  callerNodeId?: string,
): WorkflowNode {
  const targets = new Set(
    graph.edges.filter((edge) => isToolEdge(edge) && edge.source === toolNodeId).map((edge) => edge.target),
  );
  const agents = graph.nodes.filter(
    (node) => targets.has(node.id) && findContract(node.type)?.kind === "agent",
  );
  const [only, ...others] = agents;
  if (!only) throw new PluginError("AGENT_NOT_CONNECTED");
  if (callerNodeId !== undefined) {
    const caller = agents.find((node) => node.id === callerNodeId);
    if (!caller)
      throw new PluginError("AGENT_NOT_CONNECTED", {
        message: "Connect this tool to the agent that is calling it.",
      });
    return caller;
  }
  if (others.length > 0) {
    const names = agents.map((node) => node.id);
    throw new PluginError("AGENT_AMBIGUOUS", {
      message: `Several agents use this tool: ${names.join(", ")}. Say which one is calling.`,
      details: { agents: names },
    });
  }
  return only;
}
