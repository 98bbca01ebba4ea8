/**
 * The name of the account that belongs to an agent node. Documented and fixed: agents find each other
 * by it, and the canvas shows it before the account exists.
 *
 * @example usernameOf("support-desk", "agent_k3x9") // "agent_support-desk_agent_k3x9"
 */
export const usernameOf = (workflowSlug: string, agentNodeId: string): string =>
  `agent_${workflowSlug}_${agentNodeId}`;
