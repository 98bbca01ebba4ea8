import type { Kysely } from "kysely";
import type { AuditEventBody } from "../../plugin/api/audit-events.ts";
import type { Tables } from "../database/tables.ts";

export interface AuditFilter {
  readonly workspaceId: string;
  readonly limit: number;
  readonly before?: number;
  readonly subject?: string;
}

/** The newest events of a workspace first; `before` pages to older ones. */
export async function listAuditEvents(
  db: Kysely<Tables>,
  { workspaceId, limit, before, subject }: AuditFilter,
): Promise<AuditEventBody[]> {
  const rows = await db
    .selectFrom("audit_event")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .$if(before !== undefined, (query) => query.where("id", "<", before ?? 0))
    .$if(subject !== undefined, (query) => query.where("subject_id", "=", subject ?? ""))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ workspace_id: _workspace, at, actor_id, subject_id, ...row }) => ({
    ...row,
    at: at.toISOString(),
    actor: actor_id,
    subject: subject_id,
  }));
}
