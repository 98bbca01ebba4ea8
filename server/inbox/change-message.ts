import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { inMailbox } from "./in-mailbox.ts";
import { headContext, type InboxParts } from "./inbox-parts.ts";
import { type ListedMessage, withHead } from "./list-messages.ts";
import { findMessageRow, type OpenedMessage, openMessage } from "./open-message.ts";
import { headOf, openBody, openHead, readAgain } from "./read-delivery.ts";

/** Reads a message once more with the rules of this version. A code that is found now may be handed out. */
export async function rereadMessage(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<OpenedMessage> {
  const { workspaceId } = caller;
  const row = await findMessageRow(parts, caller, id);
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  const body = openBody(keys, row);
  if (body) {
    const { subject } = openHead(keys, row);
    const reading = readAgain(row, subject, body);
    const head = headOf(subject, reading);
    await inMailbox(parts, { workspaceId, mailboxId: row.mailbox_id }, async ({ trx, now, matchCodes }) => {
      await trx
        .updateTable("inbox_message")
        .set({
          kind: reading.kind,
          confidence: reading.confidence,
          sealed_head: keys.seal(headContext(id), JSON.stringify(head)),
          modified_at: now,
        })
        .where("id", "=", id)
        .where("purged_at", "is", null)
        .execute();
      await matchCodes();
    });
  }
  return openMessage(parts, caller, id);
}

export async function deleteMessage(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<void> {
  await findMessageRow(parts, caller, id);
  await parts.db.transaction().execute(async (trx) => {
    await trx.deleteFrom("inbox_message").where("id", "=", id).execute();
    await writeAuditEvent(trx, traceOf(parts, caller, { action: "inbox.message_deleted", id }));
  });
}

/** More than a person sorts by, and too few to fill a database with. */
const mostLabels = 100;

export interface LabelChange {
  readonly id: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

export async function labelMessage(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  { id, add = [], remove = [] }: LabelChange,
): Promise<ListedMessage> {
  await findMessageRow(parts, caller, id);
  await parts.db.transaction().execute(async (trx) => {
    const { labels } = await trx
      .selectFrom("inbox_message")
      .select("labels")
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirstOrThrow(() => new PluginError("INBOX_MESSAGE_NOT_FOUND"));
    const changed = [...new Set([...labels, ...add])].filter((label) => !remove.includes(label));
    if (changed.length > mostLabels)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "addLabels", problem: `At most ${mostLabels} labels.` }],
      });
    await trx
      .updateTable("inbox_message")
      .set({ labels: changed, modified_at: parts.clock.now() })
      .where("id", "=", id)
      .execute();
    await writeAuditEvent(trx, traceOf(parts, caller, { action: "inbox.message_labelled", id }));
  });
  const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
  const { sealed_body: _body, ...row } = await findMessageRow(parts, caller, id);
  return withHead(keys, row);
}

const traceOf = (
  { clock }: InboxParts,
  caller: AuthenticatedCaller,
  { action, id }: { readonly action: string; readonly id: string },
) => ({ ...auditFactsOf(caller), at: clock.now(), action, subject: { kind: "inbox_message", id } });
