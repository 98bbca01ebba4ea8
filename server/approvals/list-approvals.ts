import { type RawBuilder, sql } from "kysely";
import type { ApprovalBody, ApprovalState, AskPolicy } from "../../plugin/api/approvals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { membersOf } from "../access/members.ts";
import type { ApprovalTable } from "../database/tables.ts";
import type { ApprovalParts } from "./approvals-parts.ts";
import { isStillAsked } from "./still-asked.ts";
import { mayAnswer, maySee, waitsForInWords, whyNot } from "./who-answers.ts";

type Parts = Pick<ApprovalParts, "db" | "clock">;

interface Row {
  readonly id: string;
  readonly subject_kind: ApprovalTable["subject_kind"];
  readonly subject_id: string;
  readonly subject_name: string;
  readonly service: string | null;
  readonly reader: string;
  readonly workflow: ApprovalBody["workflow"];
  readonly run_id: string | null;
  readonly node_id: string | null;
  readonly reason: string | null;
  readonly policy: AskPolicy;
  readonly caused_by: readonly string[];
  readonly state: ApprovalState;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly message_attempts: number;
  readonly message_due_at: Date | null;
  readonly message_sent_at: Date | null;
  readonly message_problem: string | null;
  readonly answers: readonly {
    readonly person_id: string;
    readonly name: string;
    readonly decision: "approve" | "deny";
    readonly at: string;
  }[];
}

interface Search {
  readonly where: RawBuilder<unknown>;
  readonly limit: number;
}

async function select({ db, clock }: Parts, caller: AuthenticatedCaller, { where, limit }: Search) {
  const now = clock.now();
  const { rows } = await sql<Row>`
    select a.id, a.subject_kind, a.subject_id, a.subject_name, e.issuer as service, a.reader, a.run_id, a.node_id, a.reason,
      a.policy, a.caused_by, a.created_at, a.expires_at, a.message_attempts, a.message_due_at, a.message_sent_at, a.message_problem,
      case when a.state = 'pending' and a.expires_at <= ${now} then 'expired'
        when a.state = 'pending' and not ${isStillAsked} then 'withdrawn' else a.state end as state,
      (select jsonb_build_object('id', w.id, 'slug', w.slug, 'name', w.name) from workflow w
        where w.id::text = a.workflow_id and w.workspace_id = a.workspace_id) as workflow,
      coalesce((select jsonb_agg(jsonb_build_object('person_id', n.person_id, 'name', n.name, 'decision', n.decision,
        'at', to_char(n.answered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by n.answered_at)
        from approval_answer n where n.approval_id = a.id), '[]') as answers
    from approval a left join vault_entry e on a.subject_kind = 'vault_entry' and e.id = a.subject_id
    where a.workspace_id = ${caller.workspaceId} and ${maySee(caller)} and ${where}
    order by a.created_at desc, a.id desc limit ${limit}`.execute(db);
  const members = rows.length === 0 ? [] : await membersOf(db, caller.workspaceId).execute();
  return rows.map((row): ApprovalBody => {
    const answered_by = row.answers.map(({ person_id }) => person_id);
    const reason = whyNot({ ...row, answered_by }, caller);
    return {
      id: row.id,
      subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
      service: row.service ?? row.subject_name,
      reader: row.reader,
      workflow: row.workflow,
      run_id: row.run_id,
      node_id: row.node_id,
      reason: row.reason,
      state: row.state,
      needed: row.policy.needed,
      answers: row.answers.map(({ name, decision, at }) => ({ name, decision, at })),
      waits_for: waitsForInWords(row.policy, members, [...row.caused_by, ...answered_by]),
      may_answer: row.state === "pending" && reason === null,
      why_not: reason && sentences[reason],
      message: messageOf(row),
      created_at: row.created_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
    };
  });
}

const sentences = {
  not_a_person: "Only people answer. Sign in as yourself.",
  caused_it: "You asked for this or caused it, so your answer does not count.",
  answered: "You have answered.",
  not_asked: "Other people are asked here.",
} as const;

function messageOf(row: Row): ApprovalBody["message"] {
  if (row.message_sent_at) return { state: "sent", attempts: row.message_attempts, problem: null };
  if (row.message_due_at === null)
    return row.message_problem === null
      ? null
      : { state: "failed", attempts: row.message_attempts, problem: row.message_problem };
  return row.message_attempts === 0
    ? null
    : { state: "waiting", attempts: row.message_attempts, problem: row.message_problem };
}

export interface ApprovalFilter {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly run_id?: string | undefined;
}

const isOpen = (now: Date) => sql`a.state = 'pending' and a.expires_at > ${now} and ${isStillAsked}`;

/** Open questions that the caller may answer or see, newest first. */
export async function listApprovals(
  parts: Parts,
  caller: AuthenticatedCaller,
  { limit, before, run_id }: ApprovalFilter,
) {
  const now = parts.clock.now();
  const where = sql.join(
    [
      isOpen(now),
      ...(run_id === undefined ? [] : [sql`a.run_id = ${run_id}::uuid`]),
      ...(before === undefined
        ? []
        : [
            sql`(a.created_at, a.id) < (select p.created_at, p.id from approval p where p.id = ${before}::uuid and p.workspace_id = ${caller.workspaceId})`,
          ]),
    ],
    sql` and `,
  );
  const approvals = await select(parts, caller, { where, limit: limit + 1 });
  const page = approvals.slice(0, limit);
  const { rows } = await sql<{ for_you: number }>`
    select count(*)::integer as for_you from approval a
    where a.workspace_id = ${caller.workspaceId} and ${mayAnswer(caller)} and ${isOpen(now)}`.execute(
    parts.db,
  );
  return {
    approvals: page,
    next: approvals.length > limit ? (page.at(-1)?.id ?? null) : null,
    for_you: rows[0]?.for_you ?? 0,
  };
}

/** One question, open or not. */
export async function getApproval(
  parts: Parts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<ApprovalBody> {
  const [found] = await select(parts, caller, { where: sql`a.id = ${id}::uuid`, limit: 1 });
  if (!found) throw new PluginError("APPROVAL_NOT_FOUND");
  return found;
}
