import { type Kysely, type RawBuilder, sql } from "kysely";
import type { NewAuditEvent, Tables } from "../database/tables.ts";

/** Who did something. `ip` is known only for requests. */
export interface Actor {
  readonly kind: "person" | "service_key" | "agent_user" | "agent_node" | "system";
  readonly id: string;
  readonly ip?: string | null;
  /** The agent user acted for, when a person or a key uses an agent's tool. */
  readonly onBehalfOf?: string | null;
}

export interface AuditFacts {
  readonly workspaceId: string;
  readonly at: Date;
  readonly actor: Actor;
  /** Dotted, past tense: `agent_user.created`, `code.read`, `code.verified`. */
  readonly action: string;
  readonly subject?: { readonly kind: string; readonly id: string };
  readonly result?: "ok" | "refused";
  readonly reason?: string;
  /** The time step, never the code. */
  readonly counter?: number;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly nodeId?: string;
}

/** The row for an event; inserted in the same statement or transaction as what it tells of. */
export const auditRow = (facts: AuditFacts): NewAuditEvent => ({
  workspace_id: facts.workspaceId,
  at: facts.at,
  actor_kind: facts.actor.kind,
  actor_id: facts.actor.id,
  on_behalf_of: facts.actor.onBehalfOf ?? null,
  action: facts.action,
  subject_kind: facts.subject?.kind ?? null,
  subject_id: facts.subject?.id ?? null,
  result: facts.result ?? "ok",
  reason: facts.reason ?? null,
  counter: facts.counter ?? null,
  workflow_id: facts.workflowId ?? null,
  run_id: facts.runId ?? null,
  node_id: facts.nodeId ?? null,
  ip: facts.actor.ip ?? null,
});

export const writeAuditEvent = async (db: Kysely<Tables>, facts: AuditFacts): Promise<void> => {
  await db.insertInto("audit_event").values(auditRow(facts)).execute();
};

/** Columns that are known only inside the statement. */
type LateColumns = Partial<Record<"subject_id" | "result" | "reason" | "counter", RawBuilder<unknown>>>;

/**
 * `insert into audit_event … select … from <cte>`: the statement that does something also writes its
 * trace, once for every row of the common table expression, without a second round trip.
 */
export function insertAuditFrom(cte: string, facts: AuditFacts, late: LateColumns = {}): RawBuilder<unknown> {
  const row = auditRow(facts);
  const columns = Object.keys(row) as (keyof NewAuditEvent)[];
  const value = (column: keyof NewAuditEvent): RawBuilder<unknown> => {
    const known = late[column as keyof LateColumns];
    return known ?? sql`${row[column]}${sql.raw(casts[column] ?? "")}`;
  };
  return sql`insert into audit_event (${sql.join(columns.map((column) => sql.ref(column)))})
    select ${sql.join(columns.map(value))} from ${sql.ref(cte)}`;
}

/** A parameter in a select list has no type of its own. */
const casts: Partial<Record<keyof NewAuditEvent, string>> = {
  workspace_id: "::uuid",
  at: "::timestamptz",
  counter: "::bigint",
  run_id: "::uuid",
};

/** What the server does by itself. */
export const systemActor: Actor = { kind: "system", id: "totem" };
