import { hash } from "node:crypto";
import { sql } from "kysely";

/** A row of the log as the chain reads it: every column, in a form that loses no bit. */
export interface ChainRow {
  readonly id: number;
  readonly workspace_id: string;
  /** In UTC, with microseconds. */
  readonly at: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_name: string | null;
  readonly actor_role: string | null;
  readonly on_behalf_of: string | null;
  readonly action: string;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  readonly result: string;
  readonly reason: string | null;
  readonly counter: string | null;
  readonly workflow_id: string | null;
  readonly run_id: string | null;
  readonly node_id: string | null;
  readonly ip: string | null;
}

/** A Date has milliseconds only. Years before 1 and endless times differ too: a change may write them. */
export const utcText = (column: string) => sql<string>`concat(
  to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  case when ${sql.ref(column)} < '0001-01-01 00:00:00+00' then ' BC' end)`;

/** The columns of ChainRow, of a row of audit_event under the alias e. */
export const chainColumns = sql`e.id, e.workspace_id, ${utcText("e.at")} as at, e.actor_kind, e.actor_id, e.actor_name,
  e.actor_role, e.on_behalf_of, e.action, e.subject_kind, e.subject_id, e.result, e.reason, e.counter::text as counter,
  e.workflow_id, e.run_id, e.node_id, e.ip`;

/** What the first row of a chain has instead of the hash before it. */
export const noHash = "0".repeat(64);

/**
 * A row with its place in the chain, in the one form of RFC 8785: keys in order, no spaces. Every value is text, null
 * or a whole number that a double holds, and for those JSON.stringify writes what the RFC asks for.
 */
export function canonicalLink(row: ChainRow, sequence: number, previous: string): string {
  return JSON.stringify({
    action: row.action,
    actor_id: row.actor_id,
    actor_kind: row.actor_kind,
    actor_name: row.actor_name,
    actor_role: row.actor_role,
    at: row.at,
    counter: exactNumber(row.counter),
    id: row.id,
    ip: row.ip,
    node_id: row.node_id,
    on_behalf_of: row.on_behalf_of,
    previous,
    reason: row.reason,
    result: row.result,
    run_id: row.run_id,
    sequence,
    subject_id: row.subject_id,
    subject_kind: row.subject_kind,
    workflow_id: row.workflow_id,
    workspace_id: row.workspace_id,
  });
}

/** A counter that a double would round stays text. */
function exactNumber(text: string | null): number | string | null {
  if (text === null) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/** SHA-256 of a row, its place and the hash before it, in hex. */
export const linkHash = (row: ChainRow, sequence: number, previous: string): string =>
  hash("sha256", canonicalLink(row, sequence, previous), "hex");
