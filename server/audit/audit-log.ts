import { type Kysely, type RawBuilder, sql } from "kysely";
import type { NewAuditEvent, Tables } from "../database/tables.ts";

/** Who did something. `ip` is known only for requests. */
export interface Actor {
  readonly kind: "person" | "service_key" | "agent_user" | "agent_node" | "workload" | "system";
  /** Of a person: its id, which stays when the name changes. */
  readonly id: string;
  /** Of a person: the name and the roles at this time. */
  readonly name?: string | null;
  readonly role?: string | null;
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

/** The row of an event, inserted in the same statement or transaction as the change. */
export const auditRow = (facts: AuditFacts): NewAuditEvent => ({
  workspace_id: facts.workspaceId,
  at: facts.at,
  actor_kind: facts.actor.kind,
  actor_id: facts.actor.id,
  actor_name: facts.actor.name ?? null,
  actor_role: facts.actor.role ?? null,
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

type AuditColumn = (typeof auditColumns)[number];
type AuditValue = (column: AuditColumn) => RawBuilder<unknown>;

/** Columns that are known only inside the statement. */
type LateColumns = Partial<Record<AuditColumn, RawBuilder<unknown>>>;

/**
 * `insert into audit_event … select … from <cte>`: a statement that changes something also writes its trace, once for
 * every row of the common table expression, without a second round trip.
 */
export function insertAuditFrom(
  cte: string,
  facts: AuditFacts | AuditValue,
  late: LateColumns = {},
): RawBuilder<unknown> {
  const known = typeof facts === "function" ? facts : valuesOf(auditRow(facts));
  const value = (column: AuditColumn) => late[column] ?? sql`${known(column)}${sql.raw(casts[column] ?? "")}`;
  return sql`insert into audit_event (${sql.join(auditColumns.map((column) => sql.ref(column)))})
    select ${sql.join(auditColumns.map(value))} from ${sql.ref(cte)}`;
}

const valuesOf =
  (row: NewAuditEvent): AuditValue =>
  (column) =>
    sql`${row[column]}`;

const auditColumns = [
  "workspace_id",
  "at",
  "actor_kind",
  "actor_id",
  "actor_name",
  "actor_role",
  "on_behalf_of",
  "action",
  "subject_kind",
  "subject_id",
  "result",
  "reason",
  "counter",
  "workflow_id",
  "run_id",
  "node_id",
  "ip",
] as const satisfies readonly (keyof NewAuditEvent)[];

/** A parameter in a select list has no type of its own. */
const casts: Partial<Record<AuditColumn, string>> = {
  workspace_id: "::uuid",
  at: "::timestamptz",
  counter: "::bigint",
  run_id: "::uuid",
};

/** The server, for what no caller asked for. */
export const systemActor: Actor = { kind: "system", id: "totem" };
