import type { ToolType } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { isToolEdge } from "../../plugin/tool-edge.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import { agentTools } from "../workflow/agent-tools.ts";
import type { WorkflowStore } from "../workflow/workflow-store.ts";
import type { McpCaller } from "./mcp-caller.ts";

/** A tool node and who calls it, as `callTool` wants it. */
export interface WiredTool {
  readonly workflow: Workflow;
  readonly nodeId: string;
  readonly callerNodeId?: string;
}

/** The place somebody names who is no agent. */
export interface NamedPlace {
  readonly workflow: string;
  readonly agent_node_id?: string | undefined;
}

/**
 * The node a call goes to. An agent user's follows from its own place and the edges; whoever else may call
 * tools says which workflow, and which agent where several could be meant.
 */
export async function findWiredTool(
  workflows: Pick<WorkflowStore, "get" | "listByIds">,
  host: { readonly name: string },
  caller: McpCaller,
  type: ToolType,
  named: NamedPlace | undefined,
): Promise<WiredTool> {
  const { workspaceId } = caller.vault;
  if (caller.agent) {
    const { workflowId, agentNodeId } = caller.agent;
    const [workflow] =
      caller.agent.host === host.name ? await workflows.listByIds({ workspaceId, ids: [workflowId] }) : [];
    if (!workflow) throw new PluginError("WORKFLOW_NOT_FOUND");
    return toolOfAgent(workflow, agentNodeId, type);
  }
  if (!named) throw new PluginError("WORKFLOW_NOT_FOUND");
  const workflow = await workflows.get({ workspaceId, slug: named.workflow });
  return named.agent_node_id === undefined
    ? onlyTool(workflow, type)
    : toolOfAgent(workflow, named.agent_node_id, type);
}

function toolOfAgent(workflow: Workflow, agentNodeId: string, type: ToolType): WiredTool {
  if (!workflow.nodes.some(({ id }) => id === agentNodeId)) throw new PluginError("NODE_NOT_FOUND");
  const tool = agentTools(workflow, agentNodeId).find(({ contract }) => contract.type === type);
  if (!tool) throw new PluginError("TOOL_NOT_WIRED");
  return { workflow, nodeId: tool.nodeId, callerNodeId: agentNodeId };
}

/** Nobody is calling: of several tools of a kind none is picked, and whose the one is the edges say. */
function onlyTool(workflow: Workflow, type: ToolType): WiredTool {
  const wired = new Set(workflow.edges.filter(isToolEdge).map(({ source }) => source));
  const [tool, another] = workflow.nodes.filter((node) => node.type === type && wired.has(node.id));
  if (!tool) throw new PluginError("TOOL_NOT_WIRED");
  if (another)
    throw new PluginError("AGENT_AMBIGUOUS", {
      message: "There are several such tools. Say whose with agent_node_id.",
    });
  return { workflow, nodeId: tool.id };
}
