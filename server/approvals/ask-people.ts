import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { ApprovalState, AskPolicy } from "../../plugin/api/approvals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { auditFactsOf, type Caller } from "../access/caller.ts";
import { membersOf } from "../access/members.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { ApprovalTable, Tables } from "../database/tables.ts";
import type { BoundCall } from "./bound-call.ts";
import { causesOf } from "./causes.ts";
import { cleanReason } from "./clean-reason.ts";
import { usualPolicy, waitsForInWords } from "./who-answers.ts";

export interface CodeQuestion {
  readonly caller: Caller;
  readonly call: BoundCall;
  readonly subject: {
    readonly kind: ApprovalTable["subject_kind"];
    readonly id: string;
    readonly name: string;
  };
  /** null where only a grant asks: then the usual people are asked. */
  readonly policy: AskPolicy | null;
  readonly grantId: string | null;
  /** The agent, key or person that asks for the code, by name. */
  readonly reader: string;
  /** The model's words. */
  readonly reason?: string | undefined;
}

/** People were asked and have not answered. A run waits for it; other callers come back. */
export class ApprovalPending extends PluginError {
  readonly approvalId: string;
  readonly until: Date;
  /** Asked by this very call. */
  readonly isNew: boolean;
  readonly waitsFor: string;

  constructor(pending: {
    readonly approvalId: string;
    readonly until: Date;
    readonly isNew: boolean;
    readonly waitsFor: string;
  }) {
    const { approvalId, until, isNew, waitsFor } = pending;
    super("APPROVAL_NEEDED", {
      retryAfterSeconds: 5,
      details: { approval_id: approvalId, waits_for: waitsFor, expires_at: until.toISOString() },
    });
    this.approvalId = approvalId;
    this.until = until;
    this.isNew = isNew;
    this.waitsFor = waitsFor;
  }
}

interface Parts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

interface Known {
  readonly id: string;
  readonly state: ApprovalState;
  readonly expires_at: Date;
  readonly policy: AskPolicy;
  readonly caused_by: readonly string[];
}

/**
 * Asks people, once for each call, and says how the question stands: throws APPROVAL_NEEDED while it is open, and why
 * the code is not given where it is over. Returns where the answer was yes in the meantime: then the read is repeated.
 */
export async function askPeople({ db, clock }: Parts, question: CodeQuestion): Promise<void> {
  const { caller } = question;
  const now = clock.now();
  const asked = await db.transaction().execute(async (trx) => {
    const known = await findKnown(trx, question, now);
    if (known) return { ...known, isNew: false, waitsFor: await wordsFor(trx, caller.workspaceId, known) };
    const policy = question.policy ?? usualPolicy;
    const caused_by = await causesOf(trx, caller, now);
    const id = await insertQuestion(trx, { question, policy, caused_by, now });
    if (id === undefined) return undefined;
    await writeAuditEvent(trx, {
      ...auditFactsOf(caller),
      at: now,
      action: "approval.asked",
      subject:
        question.subject.kind === "vault_entry"
          ? { kind: "vault_entry", id: question.subject.id }
          : { kind: "agent_user", id: question.subject.name },
      reason: `reader ${question.reader}`,
    });
    const expires_at = openUntil(policy, now);
    const fresh: Known = { id, state: "pending", expires_at, policy, caused_by };
    return { ...fresh, isNew: true, waitsFor: await wordsFor(trx, caller.workspaceId, fresh) };
  });
  // Another request of the same caller has just asked: its question is this one's.
  if (!asked) return askPeople({ db, clock }, question);
  if (asked.state === "approved") return;
  if (asked.state === "pending")
    throw new ApprovalPending({
      approvalId: asked.id,
      until: asked.expires_at,
      isNew: asked.isNew,
      waitsFor: asked.waitsFor,
    });
  throw noCode(asked.state);
}

/** Why a question that is over gives no code. What was approved and used is too old for a second read. */
function noCode(state: ApprovalState): PluginError {
  if (state === "denied") return new PluginError("APPROVAL_DENIED");
  if (state === "withdrawn") return new PluginError("APPROVAL_WITHDRAWN");
  return new PluginError("APPROVAL_EXPIRED");
}

const wordsFor = async (
  trx: Kysely<Tables>,
  workspaceId: string,
  { policy, caused_by }: Pick<Known, "policy" | "caused_by">,
): Promise<string> => waitsForInWords(policy, await membersOf(trx, workspaceId).execute(), caused_by);

const openUntil = ({ open_minutes }: AskPolicy, now: Date): Date =>
  new Date(now.getTime() + open_minutes * 60_000);

/**
 * The question of this call. A no holds for the rest of its run, so that a model cannot ask until a person is tired.
 * Without a run the caller may ask again when an answer is too old, and a question that is over is not this one.
 */
async function findKnown(
  trx: Kysely<Tables>,
  { call, subject, caller }: CodeQuestion,
  now: Date,
): Promise<Known | undefined> {
  const runId = caller.trace?.callId === undefined ? null : (caller.trace.runId ?? null);
  const { rows } = await sql<Known>`
    select a.id, a.expires_at, a.policy, a.caused_by,
      case when a.state in ('pending', 'approved') and a.expires_at <= ${now} then 'expired' else a.state end as state
    from approval a
    where a.subject_id = ${subject.id}::uuid and ((a.call_key = ${call.call_key}
        and (${runId}::uuid is not null or (a.state in ('pending', 'approved', 'denied') and a.expires_at > ${now})))
      or (a.run_id = ${runId}::uuid and a.state = 'denied'))
    order by a.state = 'denied' desc, a.created_at desc limit 1`.execute(trx);
  return rows[0];
}

/** So long a question is stored. After that the audit log says what became of it. */
const keptMs = 90 * 86_400_000;

/** A no holds as long as its run, so the questions of a run that goes on stay. */
const forgetOld = (trx: Kysely<Tables>, workspaceId: string, now: Date) =>
  sql`
  delete from approval a
  where a.workspace_id = ${workspaceId} and a.created_at <= ${new Date(now.getTime() - keptMs)} and a.state <> 'pending'
    and not exists (select from workflow_run r where r.id = a.run_id and r.finished_at is null)`.execute(trx);

interface NewQuestion {
  readonly question: CodeQuestion;
  readonly policy: AskPolicy;
  readonly caused_by: readonly string[];
  readonly now: Date;
}

/** Undefined where there is an open question of this call already. */
async function insertQuestion(
  trx: Kysely<Tables>,
  { question, policy, caused_by, now }: NewQuestion,
): Promise<string | undefined> {
  const { caller, call, subject, grantId, reader, reason } = question;
  await forgetOld(trx, caller.workspaceId, now);
  // Over, but not yet found by the sweep.
  await trx
    .updateTable("approval")
    .set({ state: "expired", decided_at: now })
    .where("subject_id", "=", subject.id)
    .where("call_key", "=", call.call_key)
    .where("state", "=", "pending")
    .where("expires_at", "<=", now)
    .execute();
  const inserted = await trx
    .insertInto("approval")
    .values({
      id: randomUUID(),
      workspace_id: caller.workspaceId,
      subject_kind: subject.kind,
      subject_id: subject.id,
      subject_name: subject.name,
      grant_id: grantId,
      call_key: call.call_key,
      reader,
      workflow_id: caller.trace?.workflowId ?? null,
      run_id: caller.trace?.runId ?? null,
      node_id: caller.trace?.nodeId ?? null,
      reason: cleanReason(reason ?? ""),
      policy: JSON.stringify(policy),
      caused_by: [...caused_by],
      state: "pending",
      created_at: now,
      expires_at: openUntil(policy, now),
      message_due_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted?.id;
}

/** Locked until the commit, so that a question gets no answer while its run is being suspended. */
export async function stillAsks(trx: Kysely<Tables>, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom("approval")
    .select("state")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.state === "pending";
}
