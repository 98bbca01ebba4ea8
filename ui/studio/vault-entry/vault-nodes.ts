import type { IdentityList } from "../../../plugin/api/identities.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import { isToolEdge } from "../../../plugin/tool-edge.ts";
import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../plugin/workflow.ts";
import type { AgentAccount } from "./entry-standing.ts";

/** A node that gives codes of a vault entry, and the agents it gives them to. */
export interface VaultNode {
  readonly id: string;
  /** Empty where the agent is to name it. */
  readonly entry: string;
  readonly agentIds: readonly string[];
}

export const givesVaultCodes = ({ type }: Pick<WorkflowNode, "type">): boolean =>
  findCard(type)?.shows === "vault_code";

export function vaultNodes({ nodes, edges }: WorkflowGraph): VaultNode[] {
  const agents = new Set(nodes.filter(({ type }) => findCard(type)?.kind === "agent").map(({ id }) => id));
  return nodes.filter(givesVaultCodes).map(({ id, data }) => {
    const targets = edges
      .filter((edge) => isToolEdge(edge) && edge.source === id && agents.has(edge.target))
      .map(({ target }) => target);
    const { entry } = data.config;
    return { id, entry: typeof entry === "string" ? entry : "", agentIds: [...new Set(targets)] };
  });
}

/** The account of an agent as the server knows it; one it has not seen yet has none. */
export function accountOf(agentId: string, slug: string, list: IdentityList | undefined): AgentAccount {
  const identity = list?.identities.find(({ agent_node_id }) => agent_node_id === agentId);
  return {
    username: identity?.username ?? usernameOf(slug, agentId),
    state: identity?.state ?? (list && "none"),
  };
}
