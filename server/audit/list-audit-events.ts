import { type Kysely, type RawBuilder, sql } from "kysely";
import type { AuditEventBody } from "../../plugin/api/audit-events.ts";
import type { Tables } from "../database/tables.ts";

export interface AuditFilter {
  readonly subject?: string;
  readonly actor?: string;
  /** With a dot at its end: all that begin so. */
  readonly action?: string;
  readonly result?: "ok" | "refused";
  readonly text?: string;
  /** Times that are part of what is found. */
  readonly since?: Date;
  readonly until?: Date;
}

export interface AuditPage extends AuditFilter {
  readonly workspaceId: string;
  readonly limit: number;
  readonly before?: number;
}

/** Every word of an event that a search may look for. A time and a counter are no words. */
const words = sql`concat_ws(' ', actor_name, actor_role, actor_id, on_behalf_of, action, subject_kind, subject_id, reason,
  workflow_id, run_id::text, node_id, ip)`;

const nameOfSubject = sql<string | null>`case when subject_kind = 'person' then (
  select coalesce(nullif(p.name, ''), p.email) from person p where p.id::text = audit_event.subject_id) end`;

/** Its place in the chain: in the first seal that reaches so far, unless it came late. */
const sequenceOf = sql<number | null>`(
  select s.first_sequence + array_position(s.event_ids, audit_event.id) - 1 from audit_seal s
  where s.workspace_id = audit_event.workspace_id and s.last_event_id >= audit_event.id
    and audit_event.id = any(s.event_ids) order by s.last_event_id limit 1)`;

/** The conditions of a filter, over audit_event. */
export function conditionsOf({
  subject,
  actor,
  action,
  result,
  text,
  since,
  until,
}: AuditFilter): RawBuilder<boolean>[] {
  return [
    subject === undefined ? [] : [sql<boolean>`subject_id = ${subject}`],
    actor === undefined ? [] : [sql<boolean>`(actor_id = ${actor} or actor_name = ${actor})`],
    action === undefined
      ? []
      : [
          action.endsWith(".")
            ? sql<boolean>`starts_with(action, ${action})`
            : sql<boolean>`action = ${action}`,
        ],
    result === undefined ? [] : [sql<boolean>`result = ${result}`],
    text === undefined ? [] : [sql<boolean>`position(lower(${text}) in lower(${words})) > 0`],
    since === undefined ? [] : [sql<boolean>`at >= ${since}`],
    until === undefined ? [] : [sql<boolean>`at <= ${until}`],
  ].flat();
}

/** The newest events of a workspace first; `before` pages to older ones. */
export async function listAuditEvents(
  db: Kysely<Tables>,
  { workspaceId, limit, before, ...filter }: AuditPage,
): Promise<AuditEventBody[]> {
  let query = db
    .selectFrom("audit_event")
    .selectAll()
    .select([nameOfSubject.as("subject_name"), sequenceOf.as("sequence")])
    .where("workspace_id", "=", workspaceId);
  if (before !== undefined) query = query.where("id", "<", before);
  for (const condition of conditionsOf(filter)) query = query.where(condition);
  const rows = await query.orderBy("id", "desc").limit(limit).execute();
  return rows.map(({ workspace_id: _workspace, at, actor_name, subject_id, ...row }) => ({
    ...row,
    at: at.toISOString(),
    actor: actor_name ?? row.actor_id,
    subject: subject_id,
  }));
}
