import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Tables } from "../database/tables.ts";

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
  /**
   * Set where the graph that led here was read before this statement: then there is nobody at this place
   * unless that version is still the current one. Unset in runs, which execute a fixed version.
   */
  readonly workflowVersion?: number;
}

/** Whether the agent node is still there. Asked within a transaction, which then holds it until commit. */
export type PlaceExists = (trx: Kysely<Tables>, place: AgentPlace) => Promise<boolean>;

type PlaceValues = { readonly [Field in keyof AgentPlace]: AgentPlace[Field] | RawBuilder<unknown> };

/** The condition that a row of agent_user, under the given alias, is the one at this place. */
export const isAt = (alias: string, place: PlaceValues): RawBuilder<boolean> => {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const isCurrent = sql`and exists (
    select from workflow w where w.id = ${place.workflowId}::uuid and w.version = ${place.workflowVersion} and w.deleted_at is null)`;
  return sql<boolean>`${column("workspace_id")} = ${place.workspaceId} and ${column("host")} = ${place.host}
    and ${column("host_instance")} = ${place.hostInstance} and ${column("workflow_id")} = ${place.workflowId}
    and ${column("agent_node_id")} = ${place.agentNodeId} ${place.workflowVersion === undefined ? sql`` : isCurrent}`;
};
