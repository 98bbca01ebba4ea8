import { createHash, createHmac, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { type Actor, systemActor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import type { Delivery, DeliveryResult } from "./delivery.ts";
import { lockMailbox, mailboxFor } from "./find-mailbox.ts";
import type { InboxCaller } from "./inbox-caller.ts";
import { bodyPlace, codeLifeMs, hashKeyPlace, headPlace, type InboxParts } from "./inbox-parts.ts";
import { bodyOf, headOf, readDelivery } from "./read-delivery.ts";
import { hostOf, isFromSender } from "./sender.ts";
import { nothingSettled, type Settled, settleMailbox } from "./settle-mailbox.ts";

/** A sender who got no answer sends again; within this time the same content is the same message. */
const repeatedWithinMs = 60 * 1000;

/** Who brings a delivery: a caller of our API, or a server that mail comes from. */
export type Bringer = Pick<InboxCaller, "kind" | "id" | "actor"> | "mail";

/**
 * Takes one message in: finds whose it is, reads it, and in one transaction stores it sealed and gives its code to
 * whoever waits for it.
 */
export const receiveMessage =
  (parts: InboxParts) =>
  async (delivery: Delivery, by: Bringer): Promise<DeliveryResult> => {
    const { db, clock, keyRing } = parts;
    const { workspaceId } = delivery;
    const address = delivery.address.trim().toLowerCase();
    const mailbox = await mailboxFor(parts, { workspaceId, address }, by);
    if (!mailbox) return { state: "unknown-address" };
    const keys = await keyRing.forWorkspace(workspaceId);
    // Before the mailbox is held: reading takes a while where there is much to read.
    const reading = readDelivery(delivery);
    const head = headOf(delivery, reading);
    const body = bodyOf(delivery, head);
    let settled: Settled = nothingSettled;
    const store = async (trx: Kysely<Tables>): Promise<DeliveryResult> => {
      const held = await lockMailbox(trx, mailbox.id);
      if (!held) return { state: "unknown-address" };
      const now = clock.now();
      const facts = { workspaceId, at: now, actor: by === "mail" ? systemActor : by.actor };
      const refusal = refusalOf(delivery, held);
      if (refusal) {
        await audit(trx, facts, "inbox.message_refused", mailbox.id, refusal);
        return { state: "refused" };
      }
      const hash = hashOf(keys, held, { ...delivery, address });
      const known = await trx
        .selectFrom("inbox_message")
        .select(["id", "kind"])
        .where("mailbox_id", "=", mailbox.id)
        .where("content_hash", "=", hash)
        .where("received_at", ">", new Date(now.getTime() - repeatedWithinMs))
        .executeTakeFirst();
      if (known) return { state: "known", ...known };
      const id = randomUUID();
      const life = new Date(now.getTime() + codeLifeMs);
      const { expiresAt = life } = delivery;
      await trx
        .insertInto("inbox_message")
        .values({
          id,
          workspace_id: workspaceId,
          mailbox_id: mailbox.id,
          thread_id: await threadOf(trx, mailbox.id, id, delivery),
          message_id_hash: delivery.messageId === undefined ? null : hashId(delivery.messageId),
          content_hash: hash,
          address,
          channel: delivery.channel,
          sender: delivery.from.slice(0, 1_000),
          sender_host: hostOf(delivery.from).slice(0, 255),
          sealed_head: keys.seal(headPlace(id), JSON.stringify(head)),
          sealed_body: keys.seal(bodyPlace(id), JSON.stringify(body)),
          kind: reading.kind,
          confidence: reading.confidence,
          authentication: delivery.authentication ? JSON.stringify(delivery.authentication) : null,
          run_id: delivery.runId ?? null,
          task_id: delivery.taskId ?? null,
          workflow_id: delivery.workflowId ?? null,
          source: delivery.source ?? null,
          // Until whoever reads it says otherwise: clients ask for those.
          labels: ["unread"],
          received_at: now,
          expires_at: expiresAt < life ? expiresAt : life,
          modified_at: now,
          purge_at: new Date(now.getTime() + parts.keepBodiesMs),
        })
        .execute();
      await audit(trx, facts, "inbox.message_received", id);
      settled = await settleMailbox(parts, trx, keys, mailbox.id, now);
      return { state: "stored", id, kind: reading.kind };
    };
    const result = await parts.inTurn(mailbox.id, () => db.transaction().execute(store));
    parts.signals.settled(settled.waitIds);
    parts.runs.wake(settled.runIds);
    if (result.state === "stored" && (result.kind === "none" || result.kind === "ambiguous"))
      parts.onUnclear(workspaceId, result.id);
    return result;
  };

const audit = (
  trx: Kysely<Tables>,
  facts: { workspaceId: string; at: Date; actor: Actor },
  action: string,
  id: string,
  reason?: string,
): Promise<void> =>
  writeAuditEvent(trx, {
    ...facts,
    action,
    subject: { kind: reason === undefined ? "inbox_message" : "mailbox", id },
    ...(reason === undefined ? {} : { result: "refused", reason }),
  });

/** Why a mailbox does not take a message. A list of allowed senders counts only for mail that is from them. */
function refusalOf(
  { from, authentication, channel }: Delivery,
  { allow, block }: { readonly allow: readonly string[]; readonly block: readonly string[] },
): string | undefined {
  const sender = { sender: from, senderHost: hostOf(from) };
  if (block.some((rule) => isFromSender(rule, sender))) return "blocked_sender";
  if (allow.length === 0) return undefined;
  if (!allow.some((rule) => isFromSender(rule, sender))) return "sender_not_allowed";
  if (channel !== "email" || !authentication || authentication.by === "nobody") return undefined;
  // SPF and DKIM alone say who sent it, which need not be who it says it is from.
  return authentication.dmarc === "pass" ? undefined : "sender_not_proven";
}

/** Keyed, because a hash of six digits alone would tell them. */
function hashOf(
  keys: WorkspaceKeys,
  mailbox: { readonly id: string; readonly sealed_hash_key: string },
  { address, from, subject, text, html, messageId, runId, type }: Delivery,
): string {
  const key = keys.open(hashKeyPlace(mailbox.id), mailbox.sealed_hash_key);
  const content = [address, from, subject, text, html, messageId, runId, type].map((part) => part ?? null);
  const hash = createHmac("sha256", key).update(JSON.stringify(content)).digest("base64url");
  key.fill(0);
  return hash;
}

const hashId = (messageId: string): string =>
  createHash("sha256").update(messageId.trim()).digest("base64url");

/** The thread of the message this one answers, else one of its own. */
async function threadOf(
  trx: Kysely<Tables>,
  mailboxId: string,
  id: string,
  { references = [] }: Delivery,
): Promise<string> {
  if (references.length === 0) return id;
  const answered = await trx
    .selectFrom("inbox_message")
    .select("thread_id")
    .where("mailbox_id", "=", mailboxId)
    .where("message_id_hash", "in", references.slice(-50).map(hashId))
    .orderBy("received_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return answered?.thread_id ?? id;
}
