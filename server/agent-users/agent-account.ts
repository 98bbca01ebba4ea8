import { type Kysely, type RawBuilder, sql } from "kysely";
import type { AgentLocation, AgentNodeCaller } from "../access/caller.ts";
import type { Tables } from "../database/tables.ts";

/**
 * The location of an account: an agent user is keyed by this and by nothing else. Its username is made of the slug
 * and the node, and is for people and programs to read.
 */
export interface AccountLocation extends AgentLocation {
  readonly workspaceId: string;
}

/** Whether the agent node still exists. Asked within a transaction, which then locks it until commit. */
export type LocationExists = (trx: Kysely<Tables>, location: AccountLocation) => Promise<boolean>;

export const locationOf = ({ workspaceId, location }: AgentNodeCaller): AccountLocation => ({
  workspaceId,
  ...location,
});

type LocationValues = {
  readonly [Field in keyof AccountLocation]: AccountLocation[Field] | RawBuilder<unknown>;
};

/** Whether a row of agent_user, under the given alias, is the account of this location. */
export function isAt(alias: string, location: LocationValues): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const isCurrent = sql`and exists (
    select from workflow w where w.id = ${location.workflowId}::uuid and w.version = ${location.workflowVersion} and w.deleted_at is null)`;
  return sql<boolean>`${column("workspace_id")} = ${location.workspaceId} and ${column("host")} = ${location.host}
    and ${column("host_instance")} = ${location.hostInstance} and ${column("workflow_id")} = ${location.workflowId}
    and ${column("agent_node_id")} = ${location.agentNodeId} ${location.workflowVersion === undefined ? sql`` : isCurrent}`;
}

/** Where an account's sealed values live. */
export const secretContext = (id: string) => ({ table: "agent_user", rowId: id, column: "sealed_secret" });
export const apiKeyContext = (id: string) => ({ table: "agent_user", rowId: id, column: "sealed_api_key" });
