import { type Kysely, sql } from "kysely";
import type { AuditStreamBody } from "../../plugin/api/audit-streams.ts";
import type { Tables } from "../database/tables.ts";
import { findBehind } from "./stream-cursor.ts";
import type { StreamSetting } from "./stream-settings.ts";

interface StreamRow {
  readonly id: string;
  readonly problem: string | null;
  readonly problem_since: Date | null;
  readonly sequence: number | null;
  readonly sent_at: Date | null;
}

/** The streams that are set, and how far each has sent a workspace's log. */
export async function listStreams(
  { db, settings }: { readonly db: Kysely<Tables>; readonly settings: readonly StreamSetting[] },
  workspaceId: string,
): Promise<AuditStreamBody[]> {
  if (settings.length === 0) return [];
  const { rows } = await sql<StreamRow>`select s.id, s.problem, s.problem_since, c.sequence, c.sent_at
    from audit_stream s left join audit_stream_cursor c on c.stream_id = s.id and c.workspace_id = ${workspaceId}`.execute(
    db,
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return Promise.all(
    settings.map(async ({ id, kind, name }) => {
      const behind = (await findBehind(db, id)).find(({ workspace_id }) => workspace_id === workspaceId);
      const row = known.get(id);
      return {
        id,
        kind,
        name,
        sent_up_to: row?.sequence ?? 0,
        last_sent_at: row?.sent_at?.toISOString() ?? null,
        behind: behind ? behind.sealed - behind.sent : 0,
        behind_since: behind?.since.toISOString() ?? null,
        problem: row?.problem ?? null,
        problem_since: row?.problem_since?.toISOString() ?? null,
      };
    }),
  );
}
