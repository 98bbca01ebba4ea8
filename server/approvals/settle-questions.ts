import { sql } from "kysely";
import { systemActor, writeAuditEvent } from "../audit/audit-log.ts";
import type { ApprovalTable } from "../database/tables.ts";
import type { ApprovalParts } from "./approvals-parts.ts";
import { isStillAsked } from "./still-asked.ts";

/** Rows that one transaction changes at most, so that other work does not wait long. */
const batch = 200;

interface Settled {
  readonly state: "expired" | "withdrawn";
  readonly workspace_id: string;
  readonly subject_kind: ApprovalTable["subject_kind"];
  readonly subject_id: string;
  readonly subject_name: string;
  readonly reader: string;
  readonly run_id: string | null;
}

/** Ends questions that are too old, or whose run or policy is gone. Runs that waited learn of this and continue. */
export async function settleQuestions({ db, clock, runs }: ApprovalParts): Promise<void> {
  const now = clock.now();
  const runIds = await db.transaction().execute(async (trx) => {
    const { rows } = await sql<Settled>`
      with over as (
        select a.id, case when a.expires_at <= ${now} then 'expired' else 'withdrawn' end as state from approval a
        where a.state = 'pending' and (a.expires_at <= ${now} or not ${isStillAsked})
        limit ${sql.lit(batch)} for update skip locked
      )
      update approval a set state = over.state, decided_at = ${now} from over where a.id = over.id
      returning a.state, a.workspace_id, a.subject_kind, a.subject_id, a.subject_name, a.reader, a.run_id`.execute(
      trx,
    );
    for (const row of rows)
      await writeAuditEvent(trx, {
        workspaceId: row.workspace_id,
        at: now,
        actor: systemActor,
        action: `approval.${row.state}`,
        subject:
          row.subject_kind === "vault_entry"
            ? { kind: "vault_entry", id: row.subject_id }
            : { kind: "agent_user", id: row.subject_name },
        reason: `reader ${row.reader}`,
        ...(row.run_id === null ? {} : { runId: row.run_id }),
      });
    const waiting = rows.flatMap(({ run_id }) => (run_id === null ? [] : [run_id]));
    await runs.resume(trx, waiting);
    return waiting;
  });
  runs.wake(runIds);
}
