import { type Kysely, sql } from "kysely";
import type { ApprovalState, AskPolicy } from "../../plugin/api/approvals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { auditFactsOf, type PersonCaller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { ApprovalTable, Tables } from "../database/tables.ts";
import type { ApprovalParts } from "./approvals-parts.ts";
import { isStillAsked } from "./still-asked.ts";
import { maySee, whyNot } from "./who-answers.ts";

export interface ApprovalAnswer {
  readonly id: string;
  readonly decision: "approve" | "deny";
}

interface Asked {
  readonly id: string;
  readonly subject_kind: ApprovalTable["subject_kind"];
  readonly subject_id: string;
  readonly subject_name: string;
  readonly reader: string;
  readonly workflow_id: string | null;
  readonly run_id: string | null;
  readonly node_id: string | null;
  readonly policy: AskPolicy;
  readonly caused_by: readonly string[];
  readonly answered_by: readonly string[];
  readonly approvals: number;
  readonly open: boolean;
}

/**
 * One person's answer. One no is enough to deny; as many yes as the policy needs approve. The question's row is locked
 * first, so that of two answers at once, at two servers, the second counts the first.
 */
export async function answerApproval(
  { db, clock, runs }: ApprovalParts,
  caller: PersonCaller,
  { id, decision }: ApprovalAnswer,
): Promise<void> {
  const { personId } = caller;
  if (personId === null)
    throw new PluginError("FORBIDDEN", {
      message: "This session is from before there were people. Sign in again as yourself.",
    });
  const now = clock.now();
  const resumed: string[] = [];
  const refusal = await db.transaction().execute(async (trx) => {
    await sql`select from approval where id = ${id}::uuid for update`.execute(trx);
    const asked = await readAsked(trx, caller, { id, now });
    if (!asked) return new PluginError("APPROVAL_NOT_FOUND");
    const refused = refusalOf(asked, caller);
    if (refused) {
      await auditAnswer(trx, caller, { asked, now, action: "approval.answered", refused });
      return refused;
    }
    await trx
      .insertInto("approval_answer")
      .values({ approval_id: id, person_id: personId, name: caller.name, decision, answered_at: now })
      .execute();
    const yes = asked.approvals + (decision === "approve" ? 1 : 0);
    const state: ApprovalState =
      decision === "deny" ? "denied" : yes >= asked.policy.needed ? "approved" : "pending";
    if (state !== "pending") {
      await trx
        .updateTable("approval")
        .set({
          state,
          decided_at: now,
          expires_at: new Date(now.getTime() + asked.policy.good_minutes * 60_000),
        })
        .where("id", "=", id)
        .execute();
      if (asked.run_id !== null) resumed.push(asked.run_id);
      await runs.resume(trx, resumed);
    }
    const action = decision === "deny" ? "approval.denied" : "approval.approved";
    await auditAnswer(trx, caller, { asked, now, action });
    return undefined;
  });
  if (refusal) throw refusal;
  runs.wake(resumed);
}

async function readAsked(
  trx: Kysely<Tables>,
  caller: PersonCaller,
  { id, now }: { readonly id: string; readonly now: Date },
): Promise<Asked | undefined> {
  const { rows } = await sql<Asked>`
    select a.id, a.subject_kind, a.subject_id, a.subject_name, a.reader, a.workflow_id, a.run_id, a.node_id, a.policy,
      a.caused_by, array(select n.person_id from approval_answer n where n.approval_id = a.id) as answered_by,
      (select count(*)::integer from approval_answer n where n.approval_id = a.id and n.decision = 'approve') as approvals,
      a.state = 'pending' and a.expires_at > ${now} and ${isStillAsked} as open
    from approval a where a.id = ${id}::uuid and a.workspace_id = ${caller.workspaceId} and ${maySee(caller)}`.execute(
    trx,
  );
  return rows[0];
}

function refusalOf(asked: Asked, caller: PersonCaller): PluginError | undefined {
  switch (whyNot(asked, caller)) {
    case "caused_it":
      return new PluginError("APPROVAL_NOT_YOURS");
    case "answered":
      return asked.open ? new PluginError("APPROVAL_ANSWERED") : new PluginError("APPROVAL_DECIDED");
    case "not_asked":
    case "not_a_person":
      return new PluginError("FORBIDDEN", { message: "Other people are asked here, and not you." });
    default:
      return asked.open ? undefined : new PluginError("APPROVAL_DECIDED");
  }
}

interface AnswerFacts {
  readonly asked: Asked;
  readonly now: Date;
  readonly action: string;
  readonly refused?: PluginError;
}

const auditAnswer = (
  trx: Kysely<Tables>,
  caller: PersonCaller,
  { asked, now, action, refused }: AnswerFacts,
): Promise<void> =>
  writeAuditEvent(trx, {
    ...auditFactsOf(caller),
    at: now,
    action,
    subject:
      asked.subject_kind === "vault_entry"
        ? { kind: "vault_entry", id: asked.subject_id }
        : { kind: "agent_user", id: asked.subject_name },
    ...(refused ? { result: "refused" as const } : {}),
    reason: refused ? refused.code.toLowerCase() : `reader ${asked.reader}`,
    ...(asked.workflow_id === null ? {} : { workflowId: asked.workflow_id }),
    ...(asked.run_id === null ? {} : { runId: asked.run_id }),
    ...(asked.node_id === null ? {} : { nodeId: asked.node_id }),
  });
