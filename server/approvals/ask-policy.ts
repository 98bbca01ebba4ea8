import { type Kysely, sql } from "kysely";
import type { AskPolicy } from "../../plugin/api/approvals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { membersOf } from "../access/members.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import type { ApprovalParts } from "./approvals-parts.ts";
import { answerersOf } from "./who-answers.ts";

/** What may ask: a vault entry by its id, an agent user by its username. The caller's right to it is decided before. */
export type AskingSubject =
  | { readonly kind: "vault_entry"; readonly id: string }
  | { readonly kind: "agent_user"; readonly username: string };

export interface AskSetting {
  readonly ask: AskPolicy | null;
  readonly may_answer: number;
}

type Parts = Pick<ApprovalParts, "db" | "clock">;

const isSubject = (subject: AskingSubject) =>
  subject.kind === "vault_entry" ? sql`id = ${subject.id}::uuid` : sql`username = ${subject.username}`;

export async function readAskPolicy(
  { db }: Parts,
  { workspaceId }: AuthenticatedCaller,
  subject: AskingSubject,
): Promise<AskSetting> {
  const { rows } = await sql<{ ask: AskPolicy | null }>`
    select ask from ${sql.table(subject.kind)} where workspace_id = ${workspaceId} and ${isSubject(subject)}`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw notFound(subject);
  const counted = row.ask && answerersOf(row.ask, await membersOf(db, workspaceId).execute()).length;
  return { ask: row.ask, may_answer: counted ?? 0 };
}

/** Sets who is asked. The sweep withdraws open questions where no person is asked any more. */
export async function setAskPolicy(
  { db, clock }: Parts,
  caller: AuthenticatedCaller,
  { subject, ask }: { readonly subject: AskingSubject; readonly ask: AskPolicy | null },
): Promise<void> {
  const { workspaceId } = caller;
  await db.transaction().execute(async (trx) => {
    if (ask) await refuseStrangers(trx, workspaceId, ask);
    const value = ask === null ? null : JSON.stringify(ask);
    const { rows } = await sql`
      update ${sql.table(subject.kind)} set ask = ${value}::jsonb
      where workspace_id = ${workspaceId} and ${isSubject(subject)} returning id`.execute(trx);
    if (rows.length === 0) throw notFound(subject);
    await writeAuditEvent(trx, {
      ...auditFactsOf(caller),
      at: clock.now(),
      action: ask === null ? "approval.policy_removed" : "approval.policy_set",
      subject: { kind: subject.kind, id: subject.kind === "vault_entry" ? subject.id : subject.username },
      ...(ask === null ? {} : { reason: inWords(ask) }),
    });
  });
}

const notFound = ({ kind }: AskingSubject): PluginError =>
  new PluginError(kind === "vault_entry" ? "VAULT_ENTRY_NOT_FOUND" : "AGENT_USER_NOT_FOUND");

async function refuseStrangers(
  trx: Kysely<Tables>,
  workspaceId: string,
  { people }: AskPolicy,
): Promise<void> {
  const members = new Set((await membersOf(trx, workspaceId).execute()).map(({ id }) => id));
  if (people.every((id) => members.has(id))) return;
  throw new PluginError("INPUT_INVALID", {
    fields: [{ field: "ask.people", problem: "Names a person who is not in this workspace." }],
  });
}

/** For the audit log: "2 of operator, 1 person; open 60 min, good 15 min". */
const inWords = ({ needed, roles, people, open_minutes, good_minutes }: AskPolicy): string =>
  `${needed} of ${[...roles, ...(people.length > 0 ? [`${people.length} named`] : [])].join(", ")}; open ${open_minutes} min, good ${good_minutes} min`;
