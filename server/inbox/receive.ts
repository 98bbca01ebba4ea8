import { createHash, createHmac, randomUUID } from "node:crypto";
import { type Insertable, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { hostOf, isFromSender } from "../../plugin/sender.ts";
import { auditFactsOf, type Caller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { InboxMessageTable } from "../database/tables.ts";
import type { Delivery, DeliveryResult } from "./delivery.ts";
import { mailboxFor } from "./find-mailbox.ts";
import type { HeldMailbox } from "./hand-out-codes.ts";
import { inMailbox } from "./in-mailbox.ts";
import { bodyContext, codeLifeMs, hashKeyContext, headContext, type InboxParts } from "./inbox-parts.ts";
import { bodyOf, headOf, readDelivery } from "./read-delivery.ts";

/** A sender that got no answer sends again; within this time the same content is the same message. */
const repeatedWithinMs = 60 * 1000;

/**
 * Takes one message in: finds its mailbox, reads it, and in one transaction stores it sealed and gives its code to
 * the wait that it fits.
 */
export async function receiveMessage(
  parts: InboxParts,
  caller: Caller,
  delivery: Delivery,
): Promise<DeliveryResult> {
  const { workspaceId } = caller;
  const address = delivery.address.trim().toLowerCase();
  const mailbox = await mailboxFor(parts, caller, address);
  if (!mailbox) return { state: "unknown-address" };
  // Before the mailbox is locked: a long message takes a while to read.
  const reading = readDelivery(delivery);
  const head = headOf(delivery.subject, reading);
  const body = bodyOf(delivery, head);
  const result = await inMailbox(
    parts,
    { workspaceId, mailboxId: mailbox.id },
    async (held): Promise<DeliveryResult> => {
      const { trx, now } = held;
      const trace = { ...auditFactsOf(caller), at: now };
      const reason = refusalOf(delivery, held.mailbox);
      if (reason) {
        const subject = { kind: "mailbox", id: mailbox.id };
        await writeAuditEvent(trx, {
          ...trace,
          action: "inbox.message_refused",
          subject,
          result: "refused",
          reason,
        });
        return { state: "refused" };
      }
      const hash = hashOf(held, { ...delivery, address });
      const known = await findRepeated(held, hash);
      if (known) return { state: "known", ...known };
      const id = randomUUID();
      await insertMessage(held, delivery, {
        id,
        address,
        content_hash: hash,
        sealed_head: held.keys.seal(headContext(id), JSON.stringify(head)),
        sealed_body: held.keys.seal(bodyContext(id), JSON.stringify(body)),
        kind: reading.kind,
        confidence: reading.confidence,
        purge_at: new Date(now.getTime() + parts.keepBodiesMs),
      });
      await writeAuditEvent(trx, {
        ...trace,
        action: "inbox.message_received",
        subject: { kind: "inbox_message", id },
      });
      await held.matchCodes();
      return { state: "stored", id, kind: reading.kind };
    },
  );
  if (result?.state === "stored" && (result.kind === "none" || result.kind === "ambiguous"))
    parts.onUnclear(workspaceId, result.id);
  return result ?? { state: "unknown-address" };
}

async function findRepeated({ trx, mailbox, now }: HeldMailbox, hash: string) {
  return trx
    .selectFrom("inbox_message")
    .select(["id", "kind"])
    .where("mailbox_id", "=", mailbox.id)
    .where("content_hash", "=", hash)
    .where("received_at", ">", new Date(now.getTime() - repeatedWithinMs))
    .executeTakeFirst();
}

type MessageValues = Pick<
  Insertable<InboxMessageTable>,
  "id" | "address" | "content_hash" | "sealed_head" | "sealed_body" | "kind" | "confidence" | "purge_at"
>;

async function insertMessage(held: HeldMailbox, delivery: Delivery, values: MessageValues): Promise<void> {
  const { trx, mailbox, now } = held;
  const life = new Date(now.getTime() + codeLifeMs);
  const { expiresAt = life } = delivery;
  await trx
    .insertInto("inbox_message")
    .values({
      ...values,
      workspace_id: mailbox.workspace_id,
      mailbox_id: mailbox.id,
      thread_id: (await findThread(held, delivery)) ?? values.id,
      message_id_hash: delivery.messageId === undefined ? null : hashId(delivery.messageId),
      channel: delivery.channel,
      sender: delivery.from.slice(0, 1_000),
      sender_host: hostOf(delivery.from).slice(0, 255),
      authentication: delivery.authentication ? JSON.stringify(delivery.authentication) : null,
      run_id: delivery.runId ?? null,
      task_id: delivery.taskId ?? null,
      workflow_id: delivery.workflowId ?? null,
      source: delivery.source ?? null,
      // Until a reader changes it: clients ask for unread messages.
      labels: ["unread"],
      received_at: now,
      expires_at: expiresAt < life ? expiresAt : life,
      modified_at: now,
    })
    .execute();
}

/** Why a mailbox does not take a message. A list of allowed senders counts only for mail that is from them. */
function refusalOf(
  { from, authentication, channel }: Delivery,
  { allow, block }: { readonly allow: readonly string[]; readonly block: readonly string[] },
): string | undefined {
  const sender = { sender: from, sender_host: hostOf(from) };
  if (block.some((rule) => isFromSender(rule, sender))) return "blocked_sender";
  if (allow.length === 0) return undefined;
  if (!allow.some((rule) => isFromSender(rule, sender))) return "sender_not_allowed";
  if (channel !== "email" || !authentication || authentication.by === "nobody") return undefined;
  // SPF and DKIM alone say who sent it, and that need not be the author that it names.
  return authentication.dmarc === "pass" ? undefined : "sender_not_proven";
}

/** Keyed, because a hash of six digits alone would tell them. */
function hashOf(
  { keys, mailbox }: HeldMailbox,
  { address, from, subject, text, html, messageId, runId, type }: Delivery,
): string {
  const key = keys.open(hashKeyContext(mailbox.id), mailbox.sealed_hash_key);
  const content = [address, from, subject, text, html, messageId, runId, type].map((part) => part ?? null);
  const hash = createHmac("sha256", key).update(JSON.stringify(content)).digest("base64url");
  key.fill(0);
  return hash;
}

const hashId = (messageId: string): string =>
  createHash("sha256").update(messageId.trim()).digest("base64url");

/** The thread of the message that this one answers; without one, a new thread. */
async function findThread(
  { trx, mailbox }: HeldMailbox,
  { references = [] }: Delivery,
): Promise<string | undefined> {
  if (references.length === 0) return undefined;
  const answered = await trx
    .selectFrom("inbox_message")
    .select("thread_id")
    .where("mailbox_id", "=", mailbox.id)
    .where("message_id_hash", "in", references.slice(-50).map(hashId))
    .orderBy("received_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return answered?.thread_id;
}

/** Refuses ids of runs and workflows (by id or slug) that this workspace does not have. */
export async function requireKnownIds(
  { db }: Pick<InboxParts, "db">,
  workspaceId: string,
  { runId, workflowId }: { readonly runId?: string | undefined; readonly workflowId?: string | undefined },
): Promise<void> {
  if (runId === undefined && workflowId === undefined) return;
  const { rows } = await sql<{ run: boolean; workflow: boolean }>`
    select exists (select from workflow_run where workspace_id = ${workspaceId} and id::text = ${runId ?? null}) as run,
      exists (select from workflow where workspace_id = ${workspaceId}
        and (id::text = ${workflowId ?? null} or slug = ${workflowId ?? null})) as workflow`.execute(db);
  const [known] = rows;
  if (runId !== undefined && !known?.run) throw new PluginError("INBOX_ID_UNKNOWN");
  if (workflowId !== undefined && !known?.workflow) throw new PluginError("INBOX_ID_UNKNOWN");
}
