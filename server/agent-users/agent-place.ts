import { type RawBuilder, sql } from "kysely";

/**
 * Where an identity belongs: an agent user is keyed by this and by nothing else. Usernames can be
 * read in two ways (slug `a_b` + node `c`, slug `a` + node `b_c`), a place cannot.
 */
export interface AgentPlace {
  readonly workspaceId: string;
  readonly host: string;
  readonly hostInstance: string;
  readonly workflowId: string;
  readonly agentNodeId: string;
}

/** The condition that a row of agent_user, under the given alias, is the one at this place. */
export const isAt = (
  alias: string,
  place: AgentPlace | Record<keyof AgentPlace, RawBuilder<string>>,
): RawBuilder<boolean> => {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  return sql<boolean>`${column("workspace_id")} = ${place.workspaceId} and ${column("host")} = ${place.host}
    and ${column("host_instance")} = ${place.hostInstance} and ${column("workflow_id")} = ${place.workflowId}
    and ${column("agent_node_id")} = ${place.agentNodeId}`;
};

/** Documented and fixed: agents find each other by it. */
export const usernameOf = (workflowSlug: string, agentNodeId: string): string =>
  `agent_${workflowSlug}_${agentNodeId}`;
