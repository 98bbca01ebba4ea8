import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Actor, insertAuditFrom } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";

/** How long the deletion of a node or a workflow can be undone together with its identities. */
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

interface AccountChange {
  readonly because: "node_deleted" | "workflow_deleted";
  readonly which: RawBuilder<boolean>;
}

const disable = (db: Kysely<Tables>, change: GraphChange, { because, which }: AccountChange) =>
  update(db, change, {
    action: "agent_user.disabled",
    reason: because,
    set: sql`disabled_at = ${change.at}, disabled_because = ${because}`,
    which: sql`disabled_at is null and ${which}`,
  });

/** Only accounts that the same deletion disabled, and only within the window: what an operator disabled stays so. */
const enable = (db: Kysely<Tables>, change: GraphChange, { because, which }: AccountChange) =>
  update(db, change, {
    action: "agent_user.enabled",
    reason: "undone",
    set: sql`disabled_at = null, disabled_because = null`,
    which: sql`disabled_because = ${because}
      and disabled_at > ${new Date(change.at.getTime() - undoWindowHours * 3_600_000)} and ${which}`,
  });

interface AccountUpdate {
  readonly action: string;
  readonly reason: string;
  readonly set: RawBuilder<unknown>;
  readonly which: RawBuilder<unknown>;
}

async function update(
  db: Kysely<Tables>,
  change: GraphChange,
  { action, reason, set, which }: AccountUpdate,
): Promise<number> {
  const facts = { ...change, action, reason, subject: { kind: "agent_user", id: "" } };
  const { numAffectedRows } = await sql`
    with changed as (update agent_user set ${set} where ${inWorkflow(change)} and ${which} returning username)
    ${insertAuditFrom("changed", facts, { subject_id: sql`username` })}`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/**
 * Makes identities follow the canvas, inside the transaction that saves it: an agent node that is gone has no
 * identity any more, one that came back within the window has its own again.
 */
export async function followGraph(
  db: Kysely<Tables>,
  change: GraphChange & { readonly agentNodeIds: readonly string[] },
): Promise<void> {
  const present = sql<boolean>`agent_node_id = any(${[...change.agentNodeIds]}::text[])`;
  await disable(db, change, { because: "node_deleted", which: sql<boolean>`not ${present}` });
  await enable(db, change, { because: "node_deleted", which: present });
}

const wholeWorkflow: AccountChange = { because: "workflow_deleted", which: sql<boolean>`true` };

/** Returns the number of identities that it disabled. */
export const followRemoval = (db: Kysely<Tables>, change: GraphChange): Promise<number> =>
  disable(db, change, wholeWorkflow);

/** Returns the number of identities that it enabled. */
export const followRestoration = (db: Kysely<Tables>, change: GraphChange): Promise<number> =>
  enable(db, change, wholeWorkflow);
