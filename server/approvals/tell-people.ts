import { sql } from "kysely";
import type { AskPolicy } from "../../plugin/api/approvals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { membersOf } from "../access/members.ts";
import { slackMessage } from "./slack-message.ts";
import { isStillAsked } from "./still-asked.ts";
import { linkTo, sendToWebhook, type WebhookParts } from "./webhook.ts";
import { waitsForInWords } from "./who-answers.ts";

/** Seconds until the next attempt, after each. After the last there is no other. */
const waits = [5, 30, 120, 600];

interface Due {
  readonly id: string;
  readonly workspace_id: string;
  readonly subject_name: string;
  readonly service: string | null;
  readonly workflow: string | null;
  readonly reader: string;
  readonly reason: string | null;
  readonly policy: AskPolicy;
  readonly caused_by: readonly string[];
  readonly expires_at: Date;
  readonly message_attempts: number;
}

/** Sends the open questions that are due to their workspaces' webhooks. No run waits for that, and no answer. */
export async function tellPeople(parts: WebhookParts, signal?: AbortSignal): Promise<void> {
  const { db, clock } = parts;
  const now = clock.now();
  // Counted before it is sent: a process that ends in the middle does not send without end.
  const { rows } = await sql<Due>`
    with due as (
      select a.id from approval a join approval_webhook h on h.workspace_id = a.workspace_id
      where a.state = 'pending' and a.message_due_at <= ${now} and a.expires_at > ${now} and ${isStillAsked}
      order by a.message_due_at limit 10 for update of a skip locked
    )
    update approval a set message_attempts = a.message_attempts + 1,
      message_due_at = case when a.message_attempts >= ${sql.lit(waits.length)} then null
        else ${now}::timestamptz + make_interval(secs => (${sql.val(waits)}::integer[])[a.message_attempts + 1]) end
    from due where a.id = due.id
    returning a.id, a.workspace_id, a.subject_name, a.reader, a.reason, a.policy, a.caused_by, a.expires_at, a.message_attempts,
      (select e.issuer from vault_entry e where e.id = a.subject_id) as service,
      (select w.name from workflow w where w.id::text = a.workflow_id and w.workspace_id = a.workspace_id) as workflow`.execute(
    db,
  );
  await Promise.all(rows.map((due) => tell(parts, due, signal)));
}

async function tell(parts: WebhookParts, due: Due, signal: AbortSignal | undefined): Promise<void> {
  const { db, clock } = parts;
  let problem: string | null = null;
  try {
    await sendToWebhook(parts, {
      workspaceId: due.workspace_id,
      body: await messageOf(parts, due),
      signal,
    });
  } catch (error) {
    problem = error instanceof PluginError ? error.message : "The webhook could not be reached.";
  }
  await db
    .updateTable("approval")
    .set(
      problem === null
        ? { message_sent_at: clock.now(), message_due_at: null, message_problem: null }
        : { message_problem: problem },
    )
    .where("id", "=", due.id)
    .execute();
}

async function messageOf(parts: WebhookParts, due: Due): Promise<object> {
  const members = await membersOf(parts.db, due.workspace_id).execute();
  const service = due.service ?? due.subject_name;
  return slackMessage({
    title: `${due.reader} asks for a code of ${service}.`,
    lines: [
      ...(due.workflow === null ? [] : [`Workflow: ${due.workflow}`]),
      `${waitsForInWords(due.policy, members, due.caused_by)}.`,
      ...(due.reason === null ? [] : [`The model says, and Totem did not check it: “${due.reason}”`]),
    ],
    link: await linkTo(parts, { id: due.id, workspaceId: due.workspace_id, expiresAt: due.expires_at }),
    linkWords: "Open this question",
  });
}
