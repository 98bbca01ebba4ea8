import type { HostCall } from "../../plugin/api/host-calls.ts";
import { hostedTools } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { WorkflowGraph } from "../../plugin/workflow.ts";
import { findParentAgent } from "../workflow/agent-tools.ts";

/** A node of a host's canvas, in our words. Nodes that are neither agents nor our tools may be left out. */
export interface HostNode {
  readonly id: string;
  /** `agent`, or a tool of the catalogue that hosts are offered. */
  readonly type: string;
  readonly name?: string;
  /** What a person set on the node. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** From a tool to an agent that may use it. */
interface ToolEdge {
  readonly source: string;
  readonly target: string;
}

/** A node as a canvas with our React Flow nodes saves it. */
interface SavedNode extends Omit<HostNode, "name" | "config"> {
  readonly data?: { readonly label?: string; readonly config?: Readonly<Record<string, unknown>> };
}

/** An edge as such a canvas saves it: its label says what it means. */
interface SavedEdge extends ToolEdge {
  readonly label?: string | null;
}

/** A host's workflow: its tool edges alone, or all that a canvas with our React Flow nodes saved. */
export type HostWorkflowGraph =
  | { readonly name: string; readonly nodes: readonly HostNode[]; readonly toolEdges: readonly ToolEdge[] }
  | { readonly name: string; readonly nodes: readonly SavedNode[]; readonly edges: readonly SavedEdge[] };

/** All that Totem asks of a host: its workflow as it is now. */
export interface HostGraph {
  getWorkflow(workflowId: string): Promise<HostWorkflowGraph | undefined> | HostWorkflowGraph | undefined;
}

/** What a host's own runner knows of a call. `callerNodeId` is the agent it is running, never a model's word. */
export interface GraphCall {
  readonly workflowId: string;
  readonly toolNodeId: string;
  readonly callerNodeId?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

type NamedCall = Omit<HostCall, "host" | "host_instance">;

/** Names the agent a tool works for by following the host's own edges, as Totem does on its own canvas. */
export async function nameCaller(graph: HostGraph, call: GraphCall): Promise<NamedCall> {
  const workflow = await graph.getWorkflow(call.workflowId);
  if (!workflow) throw new PluginError("WORKFLOW_NOT_FOUND");
  const { nodes, toolEdges } = inOneForm(workflow);
  const tool = nodes.find(({ id }) => id === call.toolNodeId);
  if (!tool) throw new PluginError("NODE_NOT_FOUND");
  if (!hostedTools.some(({ type }) => type === tool.type)) throw new PluginError("NODE_NOT_CALLABLE");
  const agent = findParentAgent(asOurs(nodes, toolEdges), tool.id, call.callerNodeId);
  return {
    workflow_id: call.workflowId,
    workflow_name: workflow.name,
    agent_node_id: agent.id,
    agent_node_name: agent.data.label,
    tool: tool.type,
    arguments: { ...call.arguments },
    config: { ...tool.config },
  };
}

const inOneForm = (
  workflow: HostWorkflowGraph,
): { readonly nodes: readonly HostNode[]; readonly toolEdges: readonly ToolEdge[] } =>
  "toolEdges" in workflow
    ? workflow
    : {
        nodes: workflow.nodes.map(({ id, type, data }) => ({
          id,
          type,
          name: data?.label,
          config: data?.config,
        })),
        toolEdges: workflow.edges.filter(({ label }) => label === "tool"),
      };

const asOurs = (nodes: readonly HostNode[], toolEdges: readonly ToolEdge[]): WorkflowGraph => ({
  nodes: nodes.map(({ id, type, name }) => ({
    id,
    type,
    position: { x: 0, y: 0 },
    data: { label: name, config: {} },
  })),
  edges: toolEdges.map(({ source, target }, index) => ({
    id: `tool-${index}`,
    source,
    target,
    sourceHandle: null,
    targetHandle: null,
    label: "tool",
  })),
});
