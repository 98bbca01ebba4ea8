import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Actor, insertAuditFrom } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";

/** How long deleting a node or a workflow can be undone together with its identities. */
export const undoWindowHours = 24;

export interface GraphChange {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly host: string;
  readonly hostInstance: string;
  readonly at: Date;
  readonly actor: Actor;
}

const inWorkflow = ({ workspaceId, host, hostInstance, workflowId }: GraphChange): RawBuilder<boolean> =>
  sql<boolean>`workspace_id = ${workspaceId} and host = ${host} and host_instance = ${hostInstance}
    and workflow_id = ${workflowId}`;

const disable = (
  db: Kysely<Tables>,
  change: GraphChange,
  because: "node_deleted" | "workflow_deleted",
  which: RawBuilder<boolean>,
) =>
  update(
    db,
    change,
    "agent_user.disabled",
    because,
    sql`disabled_at = ${change.at}, disabled_because = ${because}`,
    sql`disabled_at is null and ${which}`,
  );

/** Only what the same deletion had disabled, and only within the window: an operator's word stands. */
const enable = (
  db: Kysely<Tables>,
  change: GraphChange,
  because: "node_deleted" | "workflow_deleted",
  which: RawBuilder<boolean>,
) =>
  update(
    db,
    change,
    "agent_user.enabled",
    "undone",
    sql`disabled_at = null, disabled_because = null`,
    sql`disabled_because = ${because} and disabled_at > ${new Date(change.at.getTime() - undoWindowHours * 3_600_000)} and ${which}`,
  );

async function update(
  db: Kysely<Tables>,
  change: GraphChange,
  action: string,
  reason: string,
  set: RawBuilder<unknown>,
  which: RawBuilder<unknown>,
): Promise<number> {
  const facts = { ...change, action, reason, subject: { kind: "agent_user", id: "" } };
  const { numAffectedRows } = await sql`
    with changed as (update agent_user set ${set} where ${inWorkflow(change)} and ${which} returning username)
    ${insertAuditFrom("changed", facts, { subject_id: sql`username` })}`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/**
 * Keeps identities in step with the canvas, inside the transaction that saves it: an agent node that
 * is gone has no identity any more, one that came back within the window has its own again.
 */
export async function followGraph(
  db: Kysely<Tables>,
  change: GraphChange & { readonly agentNodeIds: readonly string[] },
): Promise<void> {
  const present = sql<boolean>`agent_node_id = any(${[...change.agentNodeIds]}::text[])`;
  await disable(db, change, "node_deleted", sql<boolean>`not ${present}`);
  await enable(db, change, "node_deleted", present);
}

/** Answers with how many identities it disabled. */
export const followRemoval = (db: Kysely<Tables>, change: GraphChange): Promise<number> =>
  disable(db, change, "workflow_deleted", sql<boolean>`true`);

/** Answers with how many identities it enabled. */
export const followRestoration = (db: Kysely<Tables>, change: GraphChange): Promise<number> =>
  enable(db, change, "workflow_deleted", sql<boolean>`true`);
