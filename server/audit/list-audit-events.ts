import { type Kysely, sql } from "kysely";
import type { AuditEventBody } from "../../plugin/api/audit-events.ts";
import type { Tables } from "../database/tables.ts";

export interface AuditFilter {
  readonly workspaceId: string;
  readonly limit: number;
  readonly before?: number;
  readonly subject?: string;
  readonly actor?: string;
  /** With a dot at its end: all that begin so. */
  readonly action?: string;
  readonly result?: "ok" | "refused";
  readonly text?: string;
}

/** Every word of an event that a search may look for. A time and a counter are no words. */
const words = sql`concat_ws(' ', actor_name, actor_role, actor_id, on_behalf_of, action, subject_kind, subject_id, reason,
  workflow_id, run_id::text, node_id, ip)`;

const nameOfSubject = sql<string | null>`case when subject_kind = 'person' then (
  select coalesce(nullif(p.name, ''), p.email) from person p where p.id::text = audit_event.subject_id) end`;

/** The newest events of a workspace first; `before` pages to older ones. */
export async function listAuditEvents(
  db: Kysely<Tables>,
  { workspaceId, limit, before, subject, actor, action, result, text }: AuditFilter,
): Promise<AuditEventBody[]> {
  let query = db
    .selectFrom("audit_event")
    .selectAll()
    .select(nameOfSubject.as("subject_name"))
    .where("workspace_id", "=", workspaceId);
  if (before !== undefined) query = query.where("id", "<", before);
  if (subject !== undefined) query = query.where("subject_id", "=", subject);
  if (actor !== undefined)
    query = query.where(({ or, eb }) => or([eb("actor_id", "=", actor), eb("actor_name", "=", actor)]));
  if (action?.endsWith(".")) query = query.where(sql<boolean>`starts_with(action, ${action})`);
  else if (action !== undefined) query = query.where("action", "=", action);
  if (result !== undefined) query = query.where("result", "=", result);
  if (text !== undefined) query = query.where(sql<boolean>`position(lower(${text}) in lower(${words})) > 0`);
  const rows = await query.orderBy("id", "desc").limit(limit).execute();
  return rows.map(({ workspace_id: _workspace, at, actor_name, subject_id, ...row }) => ({
    ...row,
    at: at.toISOString(),
    actor: actor_name ?? row.actor_id,
    subject: subject_id,
  }));
}
