import type { whoami as contract } from "../../plugin/nodes/whoami.ts";
import { isToolEdge } from "../../plugin/tool-edge.ts";
import { agentAddress } from "../../plugin/username.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { agentOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

export async function whoami(
  { agentUsers, server }: NodeParts,
  _input: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const caller = agentOf(call);
  const { agentNodeId } = caller.location;
  const described = await agentUsers.describe(caller);
  const { id, slug, name, nodes, edges } = call.workflow;
  const wired = new Set(
    edges.filter((edge) => isToolEdge(edge) && edge.target === agentNodeId).map((edge) => edge.source),
  );
  return {
    success: true,
    username: described.username,
    email: agentAddress(described.username, server.mailDomain),
    purpose: described.purpose,
    host: described.host,
    workflow: { id, slug, name },
    agent_node_id: agentNodeId,
    tools: [...new Set(nodes.filter((node) => wired.has(node.id)).map((node) => node.type))],
    scopes: described.scopes,
    may_read_codes_of: described.may_read_codes_of,
    created_at: described.created_at,
  };
}
