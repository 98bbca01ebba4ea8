import type { whoami } from "../../plugin/nodes/whoami.ts";
import { isToolEdge } from "../../plugin/tool-edge.ts";
import { agentAddress } from "../../plugin/username.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { agentPlaceOf } from "./agent-place-of.ts";

export const executeWhoami =
  (
    { describe }: Pick<AgentUsers, "describe">,
    here: { readonly mailDomain?: string | undefined },
  ): NodeExecutor<typeof whoami> =>
  async (_input, call) => {
    const place = agentPlaceOf(call);
    const described = await describe(place);
    const { id, slug, name, nodes, edges } = call.workflow;
    const wired = new Set(
      edges
        .filter((edge) => isToolEdge(edge) && edge.target === place.agentNodeId)
        .map((edge) => edge.source),
    );
    return {
      success: true,
      username: described.username,
      email: agentAddress(described.username, here.mailDomain),
      purpose: described.purpose,
      host: described.host,
      workflow: { id, slug, name },
      agent_node_id: place.agentNodeId,
      tools: [...new Set(nodes.filter((node) => wired.has(node.id)).map((node) => node.type))],
      scopes: [...described.scopes],
      may_read_codes_of: [...described.granted],
      created_at: described.createdAt.toISOString(),
    };
  };
