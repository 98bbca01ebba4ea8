import { PluginError } from "../../plugin/plugin-error.ts";
import { isToolEdge } from "../../plugin/tool-edge.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { agentTools } from "../workflow/agent-tools.ts";
import type { Workflows } from "../workflow/workflows.ts";

/** A tool node and who calls it, as `callTool` wants it. */
export interface WiredTool {
  readonly workflow: Workflow;
  readonly nodeId: string;
  readonly callerNodeId?: string;
}

/** The workflow, and where there are several the agent, that a caller names which is no agent itself. */
export interface NamedAgent {
  readonly workflow: string;
  readonly agent_node_id?: string | undefined;
}

interface WiredToolParts {
  readonly workflows: Pick<Workflows, "get" | "listByIds">;
  readonly host: { readonly name: string };
}

/**
 * The node a call goes to. For an agent user it follows from its own location and the edges. Any other caller names
 * the workflow, and the agent where several could be meant.
 */
export async function findWiredTool(
  { workflows, host }: WiredToolParts,
  caller: AuthenticatedCaller,
  { name, named }: { readonly name: string; readonly named: NamedAgent | undefined },
): Promise<WiredTool> {
  const { workspaceId } = caller;
  if (caller.kind === "agent_user") {
    const { workflowId, agentNodeId } = caller.location;
    const [workflow] =
      caller.location.host === host.name ? await workflows.listByIds({ workspaceId, ids: [workflowId] }) : [];
    if (!workflow) throw new PluginError("WORKFLOW_NOT_FOUND");
    return toolOfAgent(workflow, agentNodeId, name);
  }
  if (!named) throw new PluginError("WORKFLOW_NOT_FOUND");
  const workflow = await workflows.get({ workspaceId, slug: named.workflow });
  return named.agent_node_id === undefined
    ? onlyTool(workflow, name)
    : toolOfAgent(workflow, named.agent_node_id, name);
}

function toolOfAgent(workflow: Workflow, agentNodeId: string, toolName: string): WiredTool {
  if (!workflow.nodes.some(({ id }) => id === agentNodeId)) throw new PluginError("NODE_NOT_FOUND");
  const tool = agentTools(workflow, agentNodeId).find(({ name }) => name === toolName);
  if (!tool) throw new PluginError("TOOL_NOT_WIRED");
  return { workflow, nodeId: tool.nodeId, callerNodeId: agentNodeId };
}

/** No agent is named: the workflow must have one such tool, and the edges say whose it is. */
function onlyTool(workflow: Workflow, type: string): WiredTool {
  const wired = new Set(workflow.edges.filter(isToolEdge).map(({ source }) => source));
  const [tool, another] = workflow.nodes.filter((node) => node.type === type && wired.has(node.id));
  if (!tool) throw new PluginError("TOOL_NOT_WIRED");
  if (another)
    throw new PluginError("AGENT_AMBIGUOUS", {
      message: "There are several such tools. Say whose with agent_node_id.",
    });
  return { workflow, nodeId: tool.id };
}
